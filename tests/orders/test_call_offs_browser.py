"""The page of a schedule in a browser: a day is planned, changed and called off, at a desk and on a phone."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.models import CallOff, Order
from orders.services.calling_off import call_off
from orders.services.cancelling import cancel_order
from orders.services.confirming import confirm_order
from orders.services.scheduling import Portions, plan_call_offs, skip_call_off
from tests.browser.windows import fits, in_every_window, picture
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_product,
    a_warehouse,
    agreed,
    an_agreement,
    in_days,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def agreement():
    a_company()
    bolts = a_product("BOLT-M8-40", on_hand=500, at=a_warehouse(), price="10")
    kern = a_customer("Kern AG")
    found = an_agreement(kern, agreed(bolts, 8, maximum=1200, committed=1000), name="Valves 2026")
    line, place = found.lines.get(), kern.addresses.get()
    plan_call_offs(found.pk, Portions(line.pk, place.pk, 100, in_days(7), count=6), by=None)
    first, second, third, fourth, *_later = CallOff.objects.all()
    confirm_order(call_off(first.pk, by=None).order.pk, by=None)
    cancel_order(call_off(second.pk, by=None).order.pk, by=None)
    skip_call_off(third.pk, by=None)
    kern.po_required = True
    kern.save()
    call_off(fourth.pk, by=None)
    return found


def test_a_day_is_planned_changed_and_called_off(browser, live_server, agreement):
    client = Client()
    client.force_login(a_boss())
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("admin:orders_agreement_call_offs", args=[agreement.pk]))
    for window in in_every_window(page):
        picture(page, f"call-offs-{window}")
        assert fits(page), window

    page.get_by_label("Quantity").fill("50")
    page.locator("#id_first").fill(in_days(100).isoformat())
    page.get_by_role("button", name="Plan", exact=True).click()
    page.get_by_text("Planned for").wait_for()
    page.locator("summary").last.click()
    page.locator("details[open] input[name=quantity]").fill("60")
    picture(page, "call-offs-change")
    page.locator("details[open] button").click()
    page.get_by_text("It is wanted on").wait_for()
    page.get_by_role("button", name="Call off now").last.click()
    page.get_by_text("is still a draft").wait_for()
    context.close()

    assert CallOff.objects.latest("requested_on").quantity == 60
    assert Order.objects.latest("pk").lines.get().ordered == 60
