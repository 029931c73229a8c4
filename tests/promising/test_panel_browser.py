"""The availability panel and the stock look-up under real fingers, at a desk and on a phone."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inventory.models import Substitute
from tests.browser.windows import fits, in_every_window, picture
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.promising.house import bought_within, on_its_way, ships_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


@pytest.fixture
def rep():
    a_company()
    return a_user(groups=[a_group("Sales rep")], is_staff=True, username="ana")


@pytest.fixture
def order(rep):
    """20 valves asked for: 12 are here, 8 come, 50 lie elsewhere, and there is another kind."""
    north = a_warehouse("NORD", country="DE", working_days="1234567", ship_cut_off="23:59:59")
    valve = a_product("V-220", on_hand=32, at=north)
    a_stock(valve, 50, a_warehouse("SUED", country="DE", working_days="1234567"))
    other = a_product("V-221", on_hand=300, at=north, price="43.10")
    Substitute.objects.create(product=valve, substitute=other)
    on_its_way(valve, north, 40, in_days(6))
    bought_within(valve, 20)
    customer = a_customer("Kern AG", rep=rep, warehouse=north)
    ships_on(a_confirmed_order({valve: 20}, customer=customer), in_days(2))
    return an_order({valve: 20}, by=rep, customer=customer)


@pytest.fixture
def desk(browser, live_server):
    contexts = []

    def open_page(user, path, **options):
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def opened(page):
    page.wait_for_function("document.activeElement?.id === 'line'")
    page.keyboard.press("Alt+a")
    page.wait_for_selector("#panel[open] .panel-foot")
    page.wait_for_function("document.activeElement?.matches('.panel-foot [data-close]')")


def ready_to_scan(page):
    page.wait_for_function("document.activeElement?.id === 'find-product'")


def saved(page, words):
    page.wait_for_function("w => document.getElementById('rows').innerText.includes(w)", arg=words)
    page.wait_for_function("document.getElementById('saved').textContent === 'saved'")


def pad_of(order):
    return reverse("admin:orders_order_pad", args=[order.number])


def lines(order):
    return list(order.lines.order_by("position").values_list("product__sku", "ordered"))


def test_escape_leaves_everything_and_the_cursor_where_they_were(desk, rep, order):
    page = desk(rep, pad_of(order))
    opened(page)
    picture(page, "panel-desk")

    page.keyboard.press("Escape")

    page.wait_for_function("document.activeElement?.id === 'line'")
    assert not page.is_visible("#panel")
    assert lines(order) == [("V-220", 20)]


def test_one_key_takes_what_is_there_now(desk, rep, order):
    page = desk(rep, pad_of(order))
    opened(page)

    page.keyboard.press("q")

    saved(page, "12 now")
    assert lines(order) == [("V-220", 12)]


def test_one_key_swaps_and_the_old_line_goes_when_the_new_one_is_there(desk, rep, order):
    page = desk(rep, pad_of(order))
    opened(page)

    page.keyboard.press("s")

    page.wait_for_function("!document.getElementById('rows').innerText.includes('V-220')")
    saved(page, "V-221")
    assert lines(order) == [("V-221", 20)]


def test_one_key_takes_the_document_from_elsewhere(desk, rep, order):
    page = desk(rep, pad_of(order))
    opened(page)

    page.keyboard.press("o")

    saved(page, "50 now")
    order.refresh_from_db()
    assert order.warehouse.code == "SUED"


def test_the_panel_fits_a_phone_and_opens_by_touch(desk, rep, order):
    page = desk(rep, pad_of(order), **PHONE)
    page.wait_for_function("document.activeElement?.id === 'line'")
    page.tap("[data-when]")
    page.wait_for_selector("#panel[open] .panel-foot")
    picture(page, "panel-phone")

    box = page.locator("#panel").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(
        "document.querySelector('#panel').scrollWidth <= document.querySelector('#panel').clientWidth"
    )
    for button in page.locator("#panel .panel-foot button").all():
        assert button.bounding_box()["height"] >= 48
    page.tap("#panel .panel-foot [data-close]")
    assert not page.is_visible("#panel")


@pytest.mark.parametrize(
    "screen", [{"viewport": {"width": 1280, "height": 900}}, PHONE], ids=["desk", "phone"]
)
def test_a_scan_leads_to_the_card_and_the_next_scan_to_the_next(desk, rep, order, screen):
    page = desk(rep, reverse("admin:inventory_stocklevel_find"), **screen)
    size = (screen["viewport"],)
    ready_to_scan(page)
    for window in in_every_window(page, size):
        picture(page, f"look-up-{window}")
        assert fits(page), window

    page.keyboard.type("V-22O")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Nearest to it")
    ready_to_scan(page)
    page.keyboard.type("V-220")
    page.keyboard.press("Enter")
    page.wait_for_selector(".wh-chart svg")
    ready_to_scan(page)
    for window in in_every_window(page, size):
        picture(page, f"card-{window}")
        assert fits(page), window
    page.keyboard.type("V-221")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/stock/"))
    page.wait_for_selector("h2:has-text('V-221')")
