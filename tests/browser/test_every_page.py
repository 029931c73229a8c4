"""Every page of ours in a real browser: nobody is shut out by day or in the dark, and no phone scrolls sideways."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from oms.access import matrix
from tests.access.entrances import addresses
from tests.access.world import World, build
from tests.browser.windows import DESK, PHONE, fits, light

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN = "([part, how]) => axe.run(part, {...how, preload: false}).then((result) => result.violations)"
GRAVE = {"serious", "critical"}
BY_DAY = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
OFFICE = ("Sales rep", "Sales manager", "Finance", "Catalogue manager", "Buyer", "Administrator")
FLOOR = ("Warehouse operator", "Warehouse supervisor")
# Pages of models that we lay out, or whose form has every kind of field; the others are the theme's, one like another.
OF_MODELS = {
    "Sales rep": ["orders_order_changelist", "orders_order_change", "orders_quote_change", "customers_customer_change",
                  "customers_customerpartnumber_changelist", "customers_customerpartnumber_add"],
    "Warehouse operator": ["fulfillment_shipment_changelist", "fulfillment_shipment_change",
                           "inventory_transfer_change", "inventory_stockadjustment_add", "inventory_countsheet_change"],
    "Warehouse supervisor": ["inventory_transfer_add", "inventory_countsheet_add"],
    "Catalogue manager": ["inventory_product_change"],
    "Buyer": ["inventory_purchaseorder_add", "inventory_purchaseorder_change", "inventory_restockalert_changelist"],
    "Administrator": ["oms_apiclient_add"],
}  # fmt: skip


@pytest.fixture
def world() -> World:
    return build()


@contextmanager
def desk_of(client: Client, browser: Browser, address: str) -> Iterator[Page]:
    """A page of the browser where the client's person is signed in."""
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(base_url=address, viewport=DESK, color_scheme="light")
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])
    context.add_init_script(AXE)
    yield context.new_page()
    context.close()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.people[role])
    return client


def paths_of(world: World, role: str) -> list[str]:
    """Return the home, and each address of ours whose first reader in the matrix has this role."""
    takes = {one.name: one.takes for one in addresses() if one.name.startswith(("admin:", "search"))}
    names = ["admin:index", *(f"admin:{name}" for name in OF_MODELS.get(role, []))]
    for rule, listed in matrix()["entrances"].items():
        if role == next((one for one, user in world.people.items() if user.has_perm(rule)), None):
            names += sorted(takes.keys() & set(listed))
    return [reverse(name, kwargs=world.arguments(name, takes[name])) for name in names]


def is_page(client: Client, path: str) -> bool:
    """Whether there is something to look at, rather than a file, a script's answer or a place to post to."""
    answer = client.get(path)
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    return answer.status_code == 200 and is_html and b"<main" in answer.content


def faults(page: Page) -> list[str]:
    """Return what shuts people out of the page's own part; the frame around it is looked at with the homes."""
    part = "body" if page.url.endswith("/admin/") or not page.locator("#content").count() else "#content"
    found = grave(page.evaluate(RUN, [part, BY_DAY]))
    light(page, "dark")
    found += [f"in the dark: {one}" for one in grave(page.evaluate(RUN, [part, IN_THE_DARK]))]
    light(page, "light")
    page.set_viewport_size(PHONE)
    if not fits(page):
        found.append("scrolls sideways on a phone")
    page.set_viewport_size(DESK)
    return found


def grave(violations: list[Any]) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("roles", [OFFICE, FLOOR], ids=["office", "floor"])
def test_no_page_of_ours_shuts_anybody_out(roles, world, browser, live_server):
    found, seen = [], 0
    for role in roles:
        client = signed_in(world, role)
        with desk_of(client, browser, live_server.url) as page:
            for path in filter(partial(is_page, client), paths_of(world, role)):
                page.goto(path)
                found += [f"{role} at {path}: {one}" for one in faults(page)]
                seen += 1

    assert not found, "\n".join(found)
    assert seen > 20


def test_signing_in_begins_with_the_keys(page, live_server):
    page.goto(live_server.url + reverse("admin:login"))

    page.wait_for_function("document.activeElement.name === 'username'", timeout=5000)


def test_whoever_chose_light_keeps_it_past_dusk(world, browser, live_server):
    with desk_of(signed_in(world, "Buyer"), browser, live_server.url) as page:
        page.goto(reverse("admin:index"))
        light(page, "dark")
        page.evaluate("Alpine.$data(document.documentElement).switchTheme('light')")
        page.wait_for_function("!document.documentElement.classList.contains('dark')")
        page.emulate_media(color_scheme="light")
        page.evaluate(
            "matchMedia('(prefers-color-scheme: dark)').onchange = () => { window.duskCame = true }"
        )
        page.emulate_media(color_scheme="dark")
        page.wait_for_function("window.duskCame")

        assert not page.evaluate("document.documentElement.classList.contains('dark')")
        assert page.evaluate("localStorage.getItem('adminTheme')") == '"light"'


def test_the_walk_notices_what_shuts_people_out(world, browser, live_server):
    """The control: a field without a name, pale words and a wide row are told."""
    with desk_of(signed_in(world, "Buyer"), browser, live_server.url) as page:
        page.goto(reverse("admin:index"))
        page.evaluate(
            """document.querySelector("#content").innerHTML =
               `<input><p style="color: #777; background: #666">pale</p><div style="width: 2000px">wide</div>
                <style>.dark .night { color: #777; background: #666 }</style><p class="night">pale</p>`"""
        )
        told = "\n".join(faults(page))

    assert "label: <input>" in told
    assert "color-contrast" in told
    assert 'in the dark: color-contrast: <p class="night">' in told
    assert '\ncolor-contrast: <p class="night">' not in told
    assert "scrolls sideways" in told
