"""The pad as its browser asks for it, and in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.builders import a_boss, a_company, a_group, a_product, a_unit, a_user, a_warehouse, an_order


@pytest.fixture
def house():
    a_company()
    return a_warehouse("MAIN")


@pytest.fixture
def boss(client):
    boss = a_boss()
    client.force_login(boss)
    return boss


@pytest.fixture
def rep(client):
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    client.force_login(rep)
    return rep


@pytest.fixture
def draft():
    """An empty draft in a house that sells two products, one of them in boxes too."""
    a_company()
    warehouse = a_warehouse("MAIN")
    bolt = a_product("B-M8-40", on_hand=100, at=warehouse)
    a_unit(bolt, "BX", numerator=12, gtin="4006381333931")
    a_product("V-220")
    return an_order({}, by=a_boss())


@pytest.fixture
def pad(browser, live_server):
    """Open a draft's pad as who entered it."""
    contexts = []

    def open_pad(order, **options):
        client = Client()
        client.force_login(order.created_by)
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(reverse("admin:orders_order_pad", args=[order.number]))
        page.wait_for_function("document.activeElement?.id === 'line'")
        return page

    yield open_pad
    for context in contexts:
        context.close()
