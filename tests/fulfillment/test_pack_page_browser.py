"""The pack page in a browser, while the network is away."""

import pytest
from django.conf import settings
from django.urls import reverse

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
