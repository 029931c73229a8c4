"""The dock on a handheld: a scanner that types, a thumb, a keyboard."""

import pytest
from django.conf import settings
from django.urls import reverse

from inventory.models import BinStock, PurchaseOrderLine, Receipt, Supplier
from inventory.services.purchasing import Expected, record_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from tests.browser.windows import PHONE, cut_off, fits, in_every_window, picture
from tests.builders import a_boss, a_company, a_product, a_unit, a_warehouse, in_days
from tests.fulfillment.floor import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order():
    a_company()
    warehouse = a_warehouse("MAIN", bins=3)
    bolts = a_product("BOLT-M8X40-A2")
    nuts = a_product("NUT-M8")
    a_unit(bolts, "BX", 10, gtin="4001234567890")
    supplier = Supplier.objects.create(code="S1", name="Stahl & Söhne Großhandel", tolerance_percent=20)
    order = record_purchase_order(
        supplier, warehouse, [Expected(bolts.pk, 20, in_days(2)), Expected(nuts.pk, 5, in_days(-3))], by=None
    )
    line = order.lines.first()
    confirm_purchase_order(order.pk, {line.pk: Answer(18, in_days(2))}, by=None)
    return order


@pytest.fixture
def handheld(browser, live_server, order):
    """Return a function that opens a page on a phone."""
    client = signed_in(a_boss())
    opened = []

    def open_page(path, viewport=PHONE, **options):
        context = browser.new_context(viewport=viewport, base_url=live_server.url, **options)
        opened.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in opened:
        context.close()


def scan(page, code, end="Enter"):
    page.keyboard.type(code)
    page.keyboard.press(end)


DOCK = reverse("admin:inventory_purchaseorder_receiving")


def test_a_delivery_is_scanned_received_and_put_away_without_a_touch(handheld, order):
    page = handheld(DOCK)
    scan(page, order.number)
    page.wait_for_url("**/receive/")

    scan(page, "4001234567890")
    scan(page, "BOLT-M8X40-A2")
    scan(page, "SOMETHING")
    assert "WRONG" in page.inner_text("[data-alarm]")
    for _ in range(2):
        scan(page, "4001234567890")
    assert "More than may be received" in page.inner_text("[data-alarm]")
    line = PurchaseOrderLine.objects.get(product__sku="BOLT-M8X40-A2")
    assert page.input_value(f"[name=came-{line.pk}]") == "21"
    assert not Receipt.objects.exists()

    page.reload()
    assert page.input_value(f"[name=came-{line.pk}]") == "21"  # kept on the device
    page.click("text=Receive what is entered")
    page.wait_for_selector("text=1 line came")
    line.refresh_from_db()
    assert (line.received, line.due) == (21, 0)

    page.goto(reverse("admin:inventory_stocklevel_put_away"))
    scan(page, "BOLT-M8X40-A2")
    scan(page, "A-2")
    page.wait_for_selector("text=Everything is put away")
    assert BinStock.objects.get(location__code="A-2").quantity == 21


def test_a_scan_that_lands_in_a_number_is_counted_and_not_typed(handheld, order):
    page = handheld(reverse("admin:inventory_purchaseorder_receive", args=[order.pk]))
    bolts, nuts = order.lines.order_by("pk").values_list("pk", flat=True)

    page.focus(f"[name=came-{nuts}]")
    page.keyboard.type("3")
    scan(page, "")
    page.focus(f"[name=came-{nuts}]")
    scan(page, "4001234567890")

    assert page.input_value(f"[name=came-{nuts}]") == "3"
    assert page.input_value(f"[name=came-{bolts}]") == "10"
    assert not Receipt.objects.exists()


def test_without_a_script_the_same_form_receives(handheld, order):
    page = handheld(
        reverse("admin:inventory_purchaseorder_receive", args=[order.pk]), java_script_enabled=False
    )
    nuts = order.lines.get(product__sku="NUT-M8")
    page.fill(f"[name=came-{nuts.pk}]", "5")
    page.click("text=Receive what is entered")

    nuts.refresh_from_db()
    assert nuts.received == 5


PAGES = {
    "dock": lambda order: DOCK,
    "receive": lambda order: reverse("admin:inventory_purchaseorder_receive", args=[order.pk]),
    "put-away": lambda order: reverse("admin:inventory_stocklevel_put_away"),
    "answer": lambda order: reverse("admin:inventory_purchaseorder_answer", args=[order.pk]),
    "redate": lambda order: reverse("admin:inventory_purchaseorder_redate", args=[order.pk]),
    "order": lambda order: reverse("admin:inventory_purchaseorder_change", args=[order.pk]),
    "take-back": lambda order: reverse("admin:inventory_receipt_take_back", args=[order.receipts.first().pk]),
    "suppliers": lambda order: reverse("admin:inventory_supplier_changelist"),
}
TOO_SMALL = """
    [...document.querySelectorAll(".floor button, .floor a.wh-button, .floor li > a, .floor input:not([type=hidden])")]
      .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 48)
      .map((one) => one.outerHTML.slice(0, 80))
"""
TOUCH = {"dock", "receive", "put-away"}


def test_the_pages_fit_a_phone_and_a_thumb(handheld, order):
    from inventory.services.receiving import Delivery, receive_purchase_order

    receive_purchase_order(order.pk, {order.lines.last().pk: 2}, by=None, delivery=Delivery("LS-2027-4711"))
    page = handheld(PAGES["order"](order))
    for name, path in PAGES.items():
        page.set_viewport_size(PHONE)
        page.goto(path(order))
        small = page.evaluate(TOO_SMALL) if name in TOUCH else []
        assert small == [], name
        for window in in_every_window(page):
            picture(page, f"{name}-{window}")
            assert fits(page), (name, window)
            assert not cut_off(page), (name, window)
