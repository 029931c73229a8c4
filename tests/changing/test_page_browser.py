"""The page that changes an order, with the keyboard only and on a phone."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.windows import PHONE, cut_off, fits, in_every_window, picture
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_price,
    a_product,
    a_rule,
    a_warehouse,
)
from tests.changing.test_quantities import stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    a_company()
    house = a_warehouse("NORTH")
    bolts, nuts = (a_product(sku, on_hand=100, at=house) for sku in ("BOLT-M8-40", "NUT-M8"))
    a_price(bolts, 9, min_quantity=60)
    a_rule(threshold=500)
    a_product("WASHER-M8", on_hand=5, at=house)
    return a_confirmed_order({bolts: 20, nuts: 10})


@pytest.fixture
def open_page(browser, live_server, order):
    contexts = []

    def open_page(**options):
        client = Client()
        client.force_login(a_boss())
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(reverse("admin:orders_order_amend", args=[order.number]))
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_with_the_keyboard_only_enter_shows_the_effects_and_never_makes_the_change(open_page, order):
    page = open_page(viewport={"width": 1280, "height": 800})
    picture(page, "change-empty-1280")

    page.get_by_label("BOLT-M8-40").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("70")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What the change does").wait_for()
    page.get_by_label("NUT-M8").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.get_by_text("out", exact=True).wait_for()
    assert stands(order, "ordered") == [20, 10]

    page.get_by_label("Add lines").fill("WASHER-M8 12")
    page.get_by_label("Why").press("Enter")
    page.get_by_text("new", exact=True).wait_for()
    picture(page, "change-effects-1280")
    page.get_by_role("button", name="Make this change").focus()
    page.keyboard.press("Enter")
    page.get_by_text("is changed, and held").wait_for()
    picture(page, "change-done-1280")
    assert stands(order, "ordered", "unit_price") == [(70, 9), (0, 10), (12, 10)]


def test_on_a_phone_nothing_runs_out_of_the_page(open_page, order):
    page = open_page(viewport=PHONE)

    page.get_by_label("BOLT-M8-40").fill("70")
    page.get_by_label("Add lines").fill("WASHER-M8 12")
    page.get_by_role("button", name="Show what it does").last.click()
    page.get_by_role("heading", name="What the change does").wait_for()

    for window in in_every_window(page, (PHONE,)):
        picture(page, f"change-{window}")
        assert fits(page), window
        assert not cut_off(page), window
    height = page.get_by_label("BOLT-M8-40").evaluate("e => e.getBoundingClientRect().height")
    assert height >= 44
