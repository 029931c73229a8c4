"""The pack page in a browser, while the network is away."""

import pytest
from django.conf import settings
from django.urls import reverse

from fulfillment.models import PackageItem
from tests.builders import a_boss, a_company, a_product, a_shipment, a_warehouse, all_picked
from tests.fulfillment.floor import FLOOR, a_worker, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shipment():
    a_company()
    warehouse = a_warehouse("MAIN")
    bolts, nuts = (a_product(sku, on_hand=50, at=warehouse) for sku in ("BOLT", "NUT"))
    return all_picked(a_shipment({bolts: 12, nuts: 5}, by=a_boss()))


@pytest.fixture
def bench(browser, live_server, shipment):
    """The shipment's pack page."""
    session = signed_in(a_worker(shipment.warehouse, *FLOOR)).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("admin:fulfillment_shipment_pack", args=[shipment.pk]))
    yield page
    context.close()


def test_what_is_all_packed_is_not_offered_once_more(bench):
    bench.context.set_offline(True)
    bench.click("[data-line] [name=line] >> nth=0")
    assert bench.is_visible("[name=everything]")

    bench.click("[data-line] [name=line]:visible")

    assert not bench.is_visible("[name=everything]")


def in_cartons(shipment):
    items = PackageItem.objects.filter(package__shipment=shipment).order_by("package__number", "pk")
    return list(items.values_list("package__number", "quantity"))


def test_what_was_just_packed_wrongly_is_taken_out_again(bench, shipment):
    bench.click("[data-line] [name=line] >> nth=0")
    bench.wait_for_selector('[data-carton="1"] [data-item]')

    bench.click("[data-carton] .floor-out summary")
    bench.fill("[data-carton] .floor-out input", "7")
    with bench.expect_navigation():
        bench.press("[data-carton] .floor-out input", "Enter")

    assert in_cartons(shipment) == [(1, 5)]
    assert "out of carton 1" in bench.inner_text("#main")


def test_a_packed_shipment_gives_back_what_is_taken_out(bench, shipment):
    with bench.expect_navigation():
        bench.click("[name=everything]")

    bench.click("[data-carton] .floor-out summary >> nth=1")
    bench.fill("[data-carton] .floor-out input >> nth=1", "2")
    with bench.expect_navigation():
        bench.press("[data-carton] .floor-out input >> nth=1", "Enter")

    assert in_cartons(shipment) == [(1, 12), (1, 3)]
    assert bench.is_visible("[name=everything]")


def test_enter_beside_a_number_packs_that_line(bench, shipment):
    bench.fill("[data-line] .floor-put input >> nth=1", "3")
    bench.press("[data-line] .floor-put input >> nth=1", "Enter")
    bench.wait_for_selector('[data-carton="1"] [data-item]')

    assert "NUT" in bench.inner_text('[data-carton="1"]')
    assert in_cartons(shipment) == [(1, 3)]
