"""The one box in a real browser: opened by a key, listed while one types, and opened by Enter."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import a_boss, a_company, a_customer, a_product, a_warehouse, an_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    a_company()
    a_warehouse()
    return an_order({a_product("KERN-1"): 1}, customer=a_customer("Kern AG"), customer_po="4500-77")


@pytest.fixture
def office(page: Page, live_server, order, client) -> Page:
    client.force_login(a_boss())
    page.context.add_cookies(
        [{"name": "oms_session", "value": client.cookies["oms_session"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/admin/")
    return page


def test_what_goes_by_exactly_that_opens_on_enter(office, order):
    office.keyboard.press("/")
    office.keyboard.type("4500-77")
    office.keyboard.press("Enter")

    office.wait_for_url(f"**/orders/order/{order.pk}/change/")


def test_the_slash_opens_the_one_box_on_a_list_too(office, live_server):
    office.goto(f"{live_server.url}/admin/orders/order/")
    office.keyboard.press("/")

    expect(office.locator("#search-box [role=combobox]")).to_be_focused()


def test_arrows_choose_and_escape_closes(office, order):
    box = office.locator("#search-box [role=combobox]")
    office.keyboard.press("Control+k")
    expect(box).to_be_focused()
    office.keyboard.type("kern")
    expect(office.get_by_role("option")).to_have_count(2)
    office.keyboard.press("ArrowDown")
    expect(office.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    office.keyboard.press("Enter")
    office.wait_for_url("**/customers/customer/*/change/")

    office.keyboard.press("Control+k")
    expect(box).to_be_visible()
    office.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_the_search_works_on_a_phone_without_scripts(browser, live_server, order, client):
    client.force_login(a_boss())
    phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    phone.add_cookies(
        [{"name": "oms_session", "value": client.cookies["oms_session"].value, "url": live_server.url}]
    )
    page = phone.new_page()
    page.goto(f"{live_server.url}/search/")
    page.locator("#search-page").fill("4500-77")
    page.locator("#search-page").press("Enter")

    page.wait_for_url(f"**/orders/order/{order.pk}/change/")
    phone.close()
