"""The page that answers a counter-offer, on a desk and on a phone, by day and in the dark."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.negotiating import Counter, Wanted, counter_by_link
from orders.services.quoting import draft_quote, send_quote
from tests.browser.windows import PHONE, cut_off, fits, in_every_window, picture
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_wishes_are_answered_where_they_stand_and_the_next_version_is_drafted(browser, live_server):
    a_company()
    a_warehouse("NORTH")
    lines = [a_line(a_product(sku, price=10), 20) for sku in ("BOLT-M8-40", "NUT-M8")]
    quote = send_quote(draft_quote(Header(a_customer("Kern AG").pk), lines, by=None).pk, by=None)
    wishes = {
        1: Wanted(price=Decimal("8.50"), comment="Baltic sells at that"),
        2: Wanted(quantity=Decimal(100)),
    }
    token = make_link(quote.pk, by=None)
    offer = counter_by_link(token, Counter("M. Kern", "please", wishes), ip=None)
    client = Client()
    client.force_login(a_boss())
    context = browser.new_context(base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("admin:orders_quote_counter", args=[quote.number, offer.pk]))

    theirs = context.new_page()
    theirs.set_viewport_size(PHONE)
    theirs.goto(reverse("public:quote_counter", args=[token]))
    assert theirs.locator("[inputmode=decimal]").count() > 2
    assert not cut_off(theirs)
    theirs.close()
    for name in in_every_window(page):
        picture(page, f"answer-{name}")
        assert fits(page)
        assert not cut_off(page)
    page.get_by_role("group", name="BOLT-M8-40").get_by_label("As they want").check()
    page.get_by_role("button", name="Draft the next version").click()

    page.get_by_text("Version 2 against 1: 1 line differs").wait_for()
    context.close()
