"""The list of shipments, its scan box, and the page of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.models import Carrier, ShipmentDelivery
from fulfillment.services.shipping import hand_over, ship_shipment
from fulfillment.services.tracking import deliver_shipment, record_tracking_numbers
from tests.builders import a_boss, a_product, a_shipment, a_stock, a_user, a_warehouse, all_packed
from tests.fulfillment.floor import FLOOR, VIEW, a_worker, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/fulfillment/shipment/"
FIND = f"{LIST}find/"
ODD = ["\ufffd", "%", "_", "\\", "'", "x" * 5000, "٣", " ", "\u202e", "SH-1 OR 1=1"]


@pytest.fixture
def warehouse():
    return a_warehouse("MAIN")


@pytest.fixture
def worker(warehouse):
    return a_worker(warehouse, *FLOOR)


@pytest.fixture
def bolts(warehouse):
    return a_product("BOLT", on_hand=900, at=warehouse)


def a_carrier(tracking_url):
    return Carrier.objects.create(code="D", name="D", tracking_url=tracking_url)


def change_page(shipment):
    return reverse("admin:fulfillment_shipment_change", args=[shipment.pk])


def test_whatever_number_is_scanned_opens_the_shipment(worker, bolts):
    boss, client = a_boss(), signed_in(worker)
    shipment = all_packed(a_shipment({bolts: 2}, by=boss))
    record_tracking_numbers(shipment.pk, {1: "00340 12"}, None, by=boss)

    for scanned in (
        shipment.number,
        shipment.number.lower(),
        shipment.order.number,
        "00340 12",
        "  00340  12 ",
    ):
        answer = client.get(FIND, {"q": scanned})
        assert (answer.status_code, answer.headers["Location"]) == (302, change_page(shipment))


def test_whoever_picks_is_led_to_what_comes_next(worker, bolts):
    boss, client = a_boss(), signed_in(worker)
    planned, packed = a_shipment({bolts: 2}, by=boss), all_packed(a_shipment({bolts: 2}, by=boss))
    gone = all_packed(a_shipment({bolts: 2}, by=boss))
    ship_shipment(gone.pk, by=boss)

    for shipment, leads_to in (
        (planned, reverse("admin:fulfillment_shipment_pick", args=[planned.pk])),
        (packed, reverse("admin:fulfillment_shipment_ship", args=[packed.pk])),
        (gone, change_page(gone)),
    ):
        assert client.get(FIND, {"q": shipment.number, "work": "1"}).headers["Location"] == leads_to


def test_the_shipments_of_another_warehouse_are_not_found(bolts):
    shipment = a_shipment({bolts: 2}, by=a_boss())
    stranger = signed_in(a_worker(a_warehouse("EAST"), *FLOOR))

    assert shipment.number not in stranger.get(LIST).content.decode()
    assert stranger.get(FIND, {"q": shipment.number}).headers["Location"] == LIST
    assert stranger.get(change_page(shipment)).status_code == 404


def test_what_is_shipped_and_not_handed_over_is_counted_at_home_and_listed_alone(worker, bolts):
    boss, client = a_boss(), signed_in(worker)
    packed, waits, gone = (all_packed(a_shipment({bolts: 2}, by=boss)) for _ in range(3))
    for shipment in (waits, gone):
        ship_shipment(shipment.pk, by=boss)
    hand_over(gone.pk, by=boss)

    (card,) = [one for one in client.get("/admin/").context["cards"] if one.title == "In the warehouse"]

    assert [row.text for row in card.rows][-2:] == ["1 to ship", "1 to hand over"]
    assert card.number == 2
    assert list(client.get(card.rows[-1].url).context["cl"].result_list) == [waits]
    assert list(client.get(LIST).context["cl"].result_list) == [gone, waits, packed]
    assert client.get(LIST, {"hand_over": "nonsense"}, follow=True).status_code == 200


@pytest.mark.parametrize("odd", ODD)
def test_odd_searches_find_nothing_and_break_nothing(worker, bolts, odd):
    a_shipment({bolts: 2}, by=a_boss())
    client = signed_in(worker)

    assert client.get(FIND, {"q": odd}).status_code == 302
    assert client.get(LIST, {"q": odd}).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["p=-1", "p=99999999999999999999", "o=99.-7.x", "e=1", "status__exact=nonsense", "all=", "warehouse__id__exact=x",
     "warehouse__id__exact=99999999999999999999"],
)  # fmt: skip
def test_odd_addresses_of_the_list_are_answered(worker, bolts, query):
    a_shipment({bolts: 2}, by=a_boss())

    assert signed_in(worker).get(f"{LIST}?{query}", follow=True).status_code == 200


@pytest.mark.parametrize(
    "query", ["order__total__gt=5", "order__customer__name=x", "created_at__gt=x", "x=1"]
)
def test_only_what_is_offered_filters(worker, query):
    assert signed_in(worker).get(f"{LIST}?{query}").status_code in {302, 400}


@pytest.mark.parametrize("pk", ["0", "-1", "99999999999999999999999", "x", "1_0", "_00", "%00"])
def test_a_shipment_that_is_not_there_is_not_found(worker, pk):
    client = signed_in(worker)

    assert client.get(f"{LIST}{pk}/change/", follow=True).status_code in {400, 404}
    assert client.get(f"{LIST}{pk}/pick/", follow=True).status_code in {400, 404}


def test_nobody_changes_or_deletes_a_shipment_by_a_form(bolts):
    shipment, boss = a_shipment({bolts: 2}, by=a_boss()), signed_in(a_boss())

    assert boss.post(change_page(shipment), {"carrier": ""}).status_code == 403
    assert boss.post(f"{LIST}{shipment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert boss.get(f"{LIST}add/").status_code == 403
    answer = boss.post(LIST, {"action": "delete_selected", "_selected_action": [shipment.pk]})
    assert answer.status_code in {200, 302}
    shipment.refresh_from_db()


def test_the_page_shows_cartons_tracking_and_history(worker, bolts):
    boss = a_boss()
    shipment = all_packed(a_shipment({bolts: 2}, by=boss))
    record_tracking_numbers(shipment.pk, {1: "00340"}, a_carrier("https://d.example/?n={number}"), by=boss)
    ship_shipment(shipment.pk, by=boss)
    deliver_shipment(shipment.pk, by=boss)

    text = signed_in(worker).get(change_page(shipment)).content.decode()

    for part in ("BOLT", "Carton 1", 'href="https://d.example/?n=00340"', "delivered", "packed", "shipped"):
        assert part in text


def test_the_statements_of_the_list_do_not_grow_with_the_rows(warehouse, worker, bolts):
    client = signed_in(worker)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        return len(queries)

    a_shipment({bolts: 1}, by=a_boss())
    few = statements()
    for _ in range(12):
        a_shipment({bolts: 1}, by=a_boss())
    assert statements() == few


def test_announcements_are_read_by_those_who_may(bolts):
    a_shipment({bolts: 2}, by=a_boss())
    reader = signed_in(a_user("fulfillment.view_shipmentdelivery", is_staff=True))
    other = signed_in(a_user(*VIEW, is_staff=True))

    assert ShipmentDelivery.objects.exists()
    assert "planned" in reader.get("/admin/fulfillment/shipmentdelivery/").content.decode()
    assert other.get("/admin/fulfillment/shipmentdelivery/").status_code == 403


def test_a_products_page_names_the_orders_that_hold_it_and_sums_up_the_others(warehouse, bolts):
    elsewhere = a_warehouse("EAST")
    a_stock(bolts, 50, elsewhere)
    own = a_shipment({bolts: 2}, by=a_boss())
    a_shipment({bolts: 5}, by=a_boss(), warehouse_id=elsewhere.pk)
    worker = a_worker(warehouse, *FLOOR, "inventory.view_product", "inventory.view_stocklevel")

    page = signed_in(worker).get(reverse("admin:inventory_product_stock", args=[bolts.pk]))

    (panel,) = [one for one in page.context["panels"] if one.template == "fulfillment/_holders.html"]
    assert [(promise.line.order, promise.held) for promise in panel.rows["promises"]] == [(own.order, 2)]
    assert panel.rows["others"] == 5


@pytest.mark.parametrize(
    "address", ["javascript:alert('{number}')", "data:text/html,{number}", "", "d.example/{number}"]
)
def test_a_carriers_address_that_is_no_web_address_is_no_link(address):
    assert a_carrier(address).url_for("00340") == ""


def test_a_tracking_number_cannot_leave_its_place_in_the_address():
    link = a_carrier("https://d.example/?n={number}").url_for("1&x=2#/../ä")

    assert link == "https://d.example/?n=1%26x%3D2%23%2F..%2F%C3%A4"
