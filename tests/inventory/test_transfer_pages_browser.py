"""Transfers in a browser: planned with the keyboard alone, dispatched and received by scans on a phone."""

import pytest
from django.conf import settings
from django.urls import reverse

from inventory.models import Transfer, TransferLine
from inventory.status import TransferStatus
from tests.browser.windows import DESK, PHONE, fits, in_every_window, picture
from tests.builders import a_boss, a_company, a_product, a_transfer, a_unit, a_warehouse, in_days, on_the_way
from tests.fulfillment.floor import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house():
    a_company()
    north, south = a_warehouse("NORTH", bins=2), a_warehouse("SOUTH")
    bolts = a_product("BOLT-M8X40-A2", on_hand=500, at=north)
    nuts = a_product("NUT-M8-A2", on_hand=20, at=north)
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    return north, south, bolts, nuts


@pytest.fixture
def open_page(browser, live_server, house):
    """Return a function that opens a page of a transfer at a size, signed in as somebody who may do everything."""
    boss, opened = signed_in(a_boss()), []

    def opening(url, viewport=PHONE, **options):
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **options)
        opened.append(context)
        session = boss.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(url)
        return page

    yield opening
    for context in opened:
        context.close()


def address(transfer, what="change"):
    return reverse(f"admin:inventory_transfer_{what}", args=[transfer.pk])


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_scans_count_up_a_line_and_never_above_what_it_may_have(open_page, house):
    north, south, bolts, nuts = house
    transfer = a_transfer({bolts: 25, nuts: 2}, north, south)
    page = open_page(address(transfer, "dispatch"))
    line = transfer.lines.get(product=bolts)

    scan(page, "4001234567890")
    scan(page, "4001234567890")
    assert page.input_value(f"[name=moved-{line.pk}]") == "20"
    scan(page, "4001234567890")
    assert "Enough" in page.inner_text("[data-alarm]")
    scan(page, "SOMETHING")
    assert "SOMETHING is not on this transfer" in page.inner_text("[data-alarm]")
    scan(page, "nut-m8-a2")
    assert not page.is_visible("[data-alarm]")
    assert not TransferLine.objects.filter(dispatched__gt=0).exists()
    page.click("text=Dispatch what is typed")

    page.wait_for_selector("text=21 units")
    assert list(transfer.lines.order_by("pk").values_list("dispatched", flat=True)) == [20, 1]


def test_a_transfer_is_planned_with_the_keyboard_alone(open_page, house):
    page = open_page(reverse("admin:inventory_transfer_add"), DESK)

    page.focus("#id_source")
    page.keyboard.type("NORTH")
    page.keyboard.press("Tab")
    page.keyboard.type("SOUTH")
    for day in (in_days(1), in_days(3)):
        page.keyboard.press("Tab")
        page.keyboard.type(day.strftime("%m%d%Y"))
        page.keyboard.press("Tab")  # past the calendar of the field
    page.focus("#id_rows-0-product")
    for word in ("BOLT-M8X40-A2", "25", "NUT-M8-A2", "2"):
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/transfer/")

    transfer = Transfer.objects.get()
    assert (transfer.source.code, transfer.target.code) == ("NORTH", "SOUTH")
    assert list(transfer.lines.order_by("pk").values_list("ordered", flat=True)) == [25, 2]


def test_it_works_without_scripts(open_page, house):
    north, south, bolts, _nuts = house
    transfer = on_the_way({bolts: 25}, north, south)
    page = open_page(address(transfer, "receive"), java_script_enabled=False)

    page.click("text=All of it came")

    assert Transfer.objects.get().status == TransferStatus.RECEIVED


def test_every_page_fits_a_phone_and_its_targets_a_thumb(open_page, house):
    north, south, bolts, nuts = house
    planned, away = (make({bolts: 25, nuts: 2}, north, south) for make in (a_transfer, on_the_way))
    pages = {
        "list": reverse("admin:inventory_transfer_changelist"),
        "add": reverse("admin:inventory_transfer_add"),
        "planned": address(planned),
        "away": address(away),
        **{what: address(away if what != "dispatch" else planned, what) for what in WORKS},
        "empty": address(planned, "receive"),
        "redate": address(planned, "redate"),
        "cancel": address(planned, "cancel"),
    }
    page = open_page(pages["list"])
    for name, url in pages.items():
        page.set_viewport_size(PHONE)
        page.goto(url)
        if name in WORKS:
            targets = page.locator(".wh-hand .wh-button:visible, .wh-hand input:visible").all()
            assert all(target.bounding_box()["height"] >= 48 for target in targets), name
        for window in in_every_window(page):
            picture(page, f"transfer-{name}-{window}")
            assert fits(page), (name, window)


WORKS = ["dispatch", "receive", "take_back", "lose"]
