"""Every page of ours in a real browser: nobody is shut out by day or in the dark, and no phone scrolls sideways."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT as AXE
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Error, Page

from oms.access import matrix
from tests.access.entrances import addresses
from tests.access.world import World, build
from tests.browser.windows import DESK, PHONE, Scheme, cut_off, fits, light
from tests.campaigns import trials

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RUN = "([part, how]) => axe.run(part, {...how, preload: false}).then((result) => result.violations)"
GRAVE = {"serious", "critical"}
BY_DAY = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
HALF, ALL = 0.5, 1.0
LEAST = {HALF: 5, ALL: 20}  # not every address is a page, and chance takes more or fewer of those
OTHER: dict[Scheme, Scheme] = {"light": "dark", "dark": "light"}
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


def opened(page: Page, path: str) -> bool:
    """Open an address; whether it is a page, rather than a file, a script's answer or a place to post to."""
    try:
        answer = page.goto(path)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer
    is_it = answer.ok and not answer.request.redirected_from
    return is_it and page.locator("main").count() > 0


def faults(page: Page, scheme: Scheme) -> list[str]:
    """Return what shuts people out of the page's own part; the frame around it is looked at with the homes.

    The page is open in this light and is left in the other one, so that each page changes it once only.
    """
    part = "body" if page.url.endswith("/admin/") or not page.locator("#content").count() else "#content"
    found = in_this_light(page, part, scheme)
    light(page, OTHER[scheme])
    found += in_this_light(page, part, OTHER[scheme])
    page.set_viewport_size(PHONE)
    if not fits(page):
        found.append("scrolls sideways on a phone")
    found += [f"cuts numbers off on a phone: {box}" for box in cut_off(page)]
    page.set_viewport_size(DESK)
    return found


def in_this_light(page: Page, part: str, scheme: Scheme) -> list[str]:
    if scheme == "light":
        return grave(page.evaluate(RUN, [part, BY_DAY]))
    return [f"in the dark: {one}" for one in grave(page.evaluate(RUN, [part, IN_THE_DARK]))]


def grave(violations: list[Any]) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]}"
        for one in violations
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("share", [HALF, pytest.param(ALL, marks=pytest.mark.soak)], ids=["half", "all"])
@pytest.mark.parametrize("roles", [OFFICE, FLOOR], ids=["office", "floor"])
def test_no_page_of_ours_shuts_anybody_out(roles, share, world, browser, live_server, request):
    """Each home, and a share of the other pages: another half each time."""
    found, seen, dice = [], 0, random.Random(trials.seed(request))
    for role in roles:
        home, *others = paths_of(world, role)
        chosen = dice.sample(others, round(len(others) * share))
        with desk_of(signed_in(world, role), browser, live_server.url) as page:
            scheme: Scheme = "light"
            for path in [home, *chosen]:
                if opened(page, path):
                    found += [f"{role} at {path}: {one}" for one in faults(page, scheme)]
                    seen, scheme = seen + 1, OTHER[scheme]

    trials.told(request, "pages by axe", seen=seen)
    assert not found, "\n".join(found)
    assert seen > LEAST[share]


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
                <input inputmode="decimal" name="narrow" style="width: 3rem"><input inputmode="decimal" name="roomy">
                <details><input inputmode="numeric" name="folded" style="width: 3rem"></details>
                <style>.dark .night { color: #777; background: #666 }</style><p class="night">pale</p>`"""
        )
        told = "\n".join(faults(page, "light"))

    assert "label: <input>" in told
    assert "color-contrast" in told
    assert 'in the dark: color-contrast: <p class="night">' in told
    assert '\ncolor-contrast: <p class="night">' not in told
    assert "scrolls sideways" in told
    assert all(f"cuts numbers off on a phone: {box}" in told for box in ("narrow", "folded"))
    assert "roomy" not in told.split("cuts numbers off", 1)[1]
