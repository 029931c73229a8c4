"""A list of documents for who has no mouse."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.browser.windows import DESK
from tests.builders import a_boss, a_company, a_product, a_warehouse, an_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HAS_FOCUS = "document.activeElement.matches('{}')"
FEW = 4  # keys


@pytest.fixture
def page(browser, live_server):
    boss = a_boss()
    a_company()
    an_order({a_product(at=a_warehouse()): 1}, by=boss)
    client = Client()
    client.force_login(boss)
    context = browser.new_context(base_url=live_server.url, viewport=DESK)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def keys_to(page, selector, most=60):
    """Return how often Tab is pressed until it is where `selector` says."""
    for n in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(HAS_FOCUS.format(selector)):
            return n
    raise AssertionError(f"{most} keys do not lead to {selector}")


@pytest.mark.parametrize("name", ["orders_order", "inventory_product", "inventory_warehouse"])
def test_the_first_key_on_a_list_leads_past_all_that_stands_above_it(page, name):
    page.goto(reverse(f"admin:{name}_changelist"))

    assert keys_to(page, ".skip") == 1
    assert page.locator(".skip:focus").inner_text() == "Skip to the list"
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "list"
    assert keys_to(page, "#result_list thead a") <= FEW


def test_the_second_key_leads_to_the_page_as_everywhere(page):
    page.goto(reverse("admin:orders_order_changelist"))
    keys_to(page, ".skip")

    assert keys_to(page, ".skip") == 1
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_page_without_a_list_has_no_way_to_one(page):
    page.goto(reverse("admin:index"))

    keys_to(page, ".skip")
    assert page.locator(".skip:focus").inner_text() == "Skip to the page"
