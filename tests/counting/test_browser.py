"""The count page on a handheld: a scanner that types, keys only, no sideways scrolling."""

import pytest
from django.conf import settings
from django.urls import reverse

from inventory.models import CountEntry
from inventory.services.sheets import Choice, open_count_sheet
from tests.browser.windows import PHONE, fits, in_every_window, picture
from tests.builders import a_product, a_stock, a_unit, a_user
from tests.counting.test_pages import LEAD, worker
from tests.fulfillment.floor import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sheet(house, bolts, bins):
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    a_stock(a_product("WASHER-A2-DIN125-M8-STAINLESS"), 40, bins[1])
    return open_count_sheet(Choice(house), by=a_user())


@pytest.fixture
def handheld(browser, live_server, house):
    client = signed_in(worker(house, *LEAD))
    context = browser.new_context(viewport=PHONE, base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def scan(page, code):
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_bins_and_products_are_scanned_and_the_count_is_entered_by_keys_alone(handheld, sheet, bolts):
    page = handheld
    page.goto(reverse("admin:inventory_countsheet_count", args=[sheet.pk]))

    scan(page, "A-1")
    assert page.get_attribute("[data-card]", "data-state") == "open"
    for code in ("4001234567890", "4001234567890", "BOLT"):
        scan(page, code)
    assert page.input_value(f"#found-{bolts.pk}") == "21"
    scan(page, "NUT-9")
    assert page.input_value("#extra-1") == "NUT-9"
    assert "Not expected here" in page.inner_text("[data-alarm]")
    assert fits(page)
    page.fill("#extra-1", "")
    page.focus("[data-count-form] button")
    page.wait_for_timeout(200)  # an Enter right after a scan is the scanner's
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert CountEntry.objects.get().found == 21
    assert page.inner_text(".floor-bin") == "A-2"
    scan(page, "A-3")
    page.wait_for_url("**stop=*")
    assert page.inner_text(".floor-bin") == "A-3"


def test_no_page_scrolls_sideways_and_what_is_touched_is_large_enough(handheld, sheet, bolts, bins, anna):
    from inventory.services.adjusting import Difference, Why, propose_adjustments
    from inventory.services.quarantining import quarantine_stock
    from inventory.status import AdjustmentReason

    page = handheld
    propose_adjustments(
        [Difference(bolts.pk, bins[0], -60)], Why(AdjustmentReason.DAMAGED, "forklift"), by=anna
    )
    quarantine_stock({bolts.pk: 12}, bins[0], "wet", by=anna)
    name = "admin:inventory_stockadjustment_"
    pages = {
        "count": reverse("admin:inventory_countsheet_count", args=[sheet.pk]),
        "sheet": reverse("admin:inventory_countsheet_change", args=[sheet.pk]),
        "new-sheet": reverse("admin:inventory_countsheet_add"),
        "inbox": reverse(f"{name}inbox"),
        "adjust": reverse(f"{name}add"),
        "quarantine": reverse(f"{name}quarantine"),
        "put-aside": reverse(f"{name}set_aside"),
        "adjustments": reverse(f"{name}changelist"),
    }
    for title, url in pages.items():
        page.set_viewport_size(PHONE)
        page.goto(url)
        for box in page.locator(".floor .wh-button:visible, .wh-card .wh-button:visible").all():
            assert box.bounding_box()["height"] >= 48, title
        for window in in_every_window(page):
            picture(page, f"counting-{title}-{window}")
            assert fits(page), (title, window)
