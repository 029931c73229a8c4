"""The pick page on a handheld: a scanner that types, a network that goes, a browser without scripts."""

import pytest
from django.conf import settings
from django.urls import reverse

from fulfillment.models import PickTask
from fulfillment.services.picking import pick
from fulfillment.status import TaskStatus
from tests.builders import a_boss, a_cable, a_company, a_product, a_shipment, a_stock, a_unit, a_warehouse
from tests.fulfillment.floor import FLOOR, a_worker, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 360, "height": 780}


@pytest.fixture
def shipment():
    a_company()
    warehouse = a_warehouse("MAIN", bins=2)
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    a_stock(bolts, 50, warehouse.locations.get(code="A-1"))
    a_stock(nuts, 50, warehouse.locations.get(code="A-2"))
    return a_shipment({bolts: 12, nuts: 5}, by=a_boss())


@pytest.fixture
def handheld(browser, live_server, shipment):
    """Return a function that opens the shipment's pick page on a phone."""
    picker = signed_in(a_worker(shipment.warehouse, *FLOOR))
    opened = []

    def open_page(**options):
        context = browser.new_context(viewport=PHONE, base_url=live_server.url, **options)
        opened.append(context)
        session = picker.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(reverse("admin:fulfillment_shipment_pick", args=[shipment.pk]))
        return page

    yield open_page
    for context in opened:
        context.close()


def scan(page, code, end="Enter"):
    page.keyboard.type(code)
    page.keyboard.press(end)


def picked(sku):
    return PickTask.objects.values_list("picked", "status").get(bin__product__sku=sku)


def test_scans_pick_and_their_ends_press_no_button(handheld):
    page = handheld()

    scan(page, "BOLT")
    assert "Scan the bin first" in page.inner_text("[data-alarm]")
    scan(page, "A-1")
    scan(page, "NUT")
    assert "WRONG" in page.inner_text("[data-alarm]")
    page.focus("[data-all-button]")
    scan(page, "4001234567890")
    assert page.inner_text("[data-counted-so-far]") == "✓ 10"
    assert not page.is_visible("[data-alarm]")
    scan(page, "4001234567890", end="Tab")
    assert "Enough" in page.inner_text("[data-alarm]")
    assert picked("BOLT") == (0, TaskStatus.OPEN)
    scan(page, "BOLT")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        scan(page, "BOLT")

    assert picked("BOLT") == (12, TaskStatus.PICKED)
    assert page.inner_text("[data-bin]") == "A-2"


def test_what_is_picked_without_a_network_is_kept_and_sent_once_when_it_is_back(handheld):
    page = handheld()

    page.context.set_offline(True)
    page.click("[data-all-button]")
    page.wait_for_selector("[data-unsent]:not([hidden])")
    assert page.inner_text("[data-unsent-count]") == "1"
    assert page.inner_text("[data-bin]") == "A-2"
    assert picked("BOLT") == (0, TaskStatus.OPEN)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.context.set_offline(False)
    page.wait_for_selector("[data-unsent]", state="hidden")

    assert picked("BOLT") == (12, TaskStatus.PICKED)


def test_unsent_picks_survive_a_reload(handheld):
    page = handheld()
    page.route(
        "**/pick/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.click("[data-all-button]")
    page.wait_for_selector("[data-unsent]:not([hidden])")
    page.unroute("**/pick/")

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.reload()
    page.wait_for_selector("[data-unsent]", state="hidden")

    assert picked("BOLT") == (12, TaskStatus.PICKED)
    assert page.inner_text("[data-bin]") == "A-2"


def test_counted_scans_survive_a_reload_and_end_with_their_stop(handheld):
    page = handheld()
    scan(page, "A-1")
    scan(page, "4001234567890")
    scan(page, "BOLT")

    page.reload()
    assert page.inner_text("[data-counted-so-far]") == "✓ 11"
    assert picked("BOLT") == (0, TaskStatus.OPEN)
    scan(page, "A-1")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        scan(page, "BOLT")
    page.reload()

    assert picked("BOLT") == (12, TaskStatus.PICKED)
    assert page.inner_text("[data-bin]") == "A-2"
    assert not page.is_visible("[data-counted-so-far]")
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('oms.'))") == []


def test_counted_scans_of_a_stop_that_changed_meanwhile_are_forgotten(handheld, shipment):
    page = handheld()
    scan(page, "A-1")
    scan(page, "4001234567890")

    task = PickTask.objects.get(bin__product__sku="BOLT")
    pick(shipment.pk, {task.pk: 3}, by=None)
    page.reload()

    assert page.inner_text("[data-left]") == "9"
    assert not page.is_visible("[data-counted-so-far]")


def test_cable_is_counted_by_the_metre(handheld, shipment):
    cable = a_cable("NYM", metres=100, at=shipment.warehouse.locations.get(code="A-1"))
    page = handheld()
    page.goto(reverse("admin:fulfillment_shipment_pick", args=[a_shipment({cable: 12_500}, by=a_boss()).pk]))

    scan(page, "A-1")
    scan(page, "NYM")
    assert page.inner_text("[data-counted-so-far]") == "✓ 1"
    page.click("[data-qty] summary")
    page.fill("[name=quantity]", "2,5")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.click("[data-quantity-button]")

    assert picked("NYM") == (2500, TaskStatus.OPEN)
    assert page.inner_text("[data-left]") == "10"
    assert page.inner_text("[data-all-button]") == "All 10"


def test_without_scripts_a_form_picks(handheld):
    page = handheld(java_script_enabled=False)

    page.click("text=All 12")

    assert picked("BOLT") == (12, TaskStatus.PICKED)
    assert "A-2" in page.inner_text("[data-bin]")


def test_the_page_fits_a_narrow_screen_and_its_targets_a_thumb(handheld):
    page = handheld()

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.evaluate(
        """() => [...document.querySelectorAll('.floor button, .floor summary, .floor-way a, [data-scan]')]
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48).length"""
    )
    assert small == 0
    sizes = page.evaluate(
        """() => ['bin', 'left', 'sku'].map((n) =>
            parseFloat(getComputedStyle(document.querySelector(`[data-${n}]`)).fontSize))"""
    )
    assert min(sizes) >= 24
