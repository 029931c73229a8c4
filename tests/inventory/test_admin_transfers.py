"""Transfers on their pages: planned by keyboard, dispatched and received by hand, each form once."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import BinStock, StockLevel, Transfer, TransferLine
from inventory.services.moving import Cause, receive_stock
from inventory.services.transferring import bins_to_empty, dispatch_transfer
from inventory.status import TransferStatus
from tests.builders import (
    a_boss,
    a_cable,
    a_customer,
    a_product,
    a_shipment,
    a_stock,
    a_transfer,
    a_unit,
    a_user,
    a_warehouse,
    first_bin,
    in_days,
    many_products,
    on_the_way,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/inventory/transfer/add/"
SUPERVISOR = [
    f"inventory.{right}"
    for right in (
        "view_warehouse", "view_transfer", "add_transfer", "change_transfer", "dispatch_transfer", "receive_transfer",
        "adjust_stock",
    )
]  # fmt: skip
GARBAGE = ["abc", "1.5", "1e3", "1_000", "-1", "9" * 30, "999999999999999", "NaN", "\u0661", "\ufffd", "0"]
WORKS = ["dispatch", "receive", "take_back", "lose"]


@pytest.fixture
def north():
    return a_warehouse("NORTH", bins=2)


@pytest.fixture
def south():
    return a_warehouse("SOUTH")


@pytest.fixture
def bolts(north):
    return a_product("BOLT", on_hand=100, at=north)


def a_client(*rights, works_in=()):
    user = a_user(*rights, is_staff=True)
    user.warehouses.set(works_in)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def supervisor(north, south):
    return a_client(*SUPERVISOR, works_in=[north, south])


def plan_form(source, target, *rows, **values):
    lines = {}
    for n, (sku, quantity) in enumerate(rows):
        lines |= {f"rows-{n}-product": sku, f"rows-{n}-quantity": quantity}
    head = {
        "source": source.pk,
        "target": target.pk,
        "ship_on": str(in_days(1)),
        "arrive_on": str(in_days(3)),
    }
    counts = {"rows-INITIAL_FORMS": "0", "rows-TOTAL_FORMS": str(max(len(rows), 8))}
    return {**head, "note": "", **counts, **lines, **values}


def address(transfer, what="change"):
    return reverse(f"admin:inventory_transfer_{what}", args=[transfer.pk])


def moved(transfer, quantity, **values):
    return {**{f"moved-{line.pk}": str(quantity) for line in transfer.lines.all()}, **values}


def test_a_transfer_is_planned_with_its_lines_and_days(north, south, bolts, supervisor):
    nuts = a_product("NUT")
    a_unit(nuts, "BX", 10, gtin="4001234567890")
    sent = plan_form(north, south, ("BOLT", "10"), ("", ""), ("4001234567890", "20"), ("BOLT", "5"))

    assert supervisor.post(ADD, sent).status_code == 302

    transfer = Transfer.objects.get()
    assert (transfer.source, transfer.target) == (north, south)
    assert (transfer.ship_on, transfer.arrive_on) == (in_days(1), in_days(3))
    assert list(transfer.lines.values_list("product__sku", "ordered")) == [("BOLT", 15), ("NUT", 20)]


def test_the_same_form_twice_plans_one_transfer(north, south, bolts, supervisor):
    sent = plan_form(north, south, ("BOLT", "10"), operation=uuid.uuid4().hex)

    for _ in range(2):
        assert supervisor.post(ADD, sent).status_code == 302
    assert Transfer.objects.count() == 1


def test_more_lines_keep_what_was_typed(north, south, bolts, supervisor):
    text = supervisor.post(ADD, plan_form(north, south, ("BOLT", "10"), more="1")).content.decode()

    assert 'value="BOLT"' in text
    assert "rows-17-product" in text
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    "field", ["rows-0-quantity", "rows-0-product", "source", "target", "ship_on", "arrive_on"]
)
def test_garbage_plans_nothing(north, south, bolts, supervisor, field):
    for value in [*GARBAGE, "\u0130" * 300]:
        sent = {**plan_form(north, south, ("BOLT", "10")), field: value}
        assert supervisor.post(ADD, sent).status_code == 200, value
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("broken", [{}, {"rows-TOTAL_FORMS": "x"}, {"rows-TOTAL_FORMS": "9" * 30}])
def test_a_broken_form_plans_nothing(supervisor, broken):
    assert supervisor.post(ADD, broken).status_code == 200
    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ship_on": "2001-01-01", "arrive_on": "2001-01-02"}, "past or too far ahead"),
        ({"arrive_on": "9999-12-31"}, "past or too far ahead"),
        ({"arrive_on": "2001-01-01"}, "past or too far ahead"),
        ({"rows-0-product": "BULT"}, "There is no product “BULT”"),
        ({"rows-0-quantity": ""}, "How many?"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(north, south, bolts, supervisor, change, told):
    text = supervisor.post(ADD, {**plan_form(north, south, ("BOLT", "77")), **change}).content.decode()

    assert told in text
    assert "Nothing was planned" in text
    assert "BOLT" in text or "BULT" in text
    assert not Transfer.objects.exists()


def test_to_the_same_place_and_without_a_line_it_is_refused(north, south, bolts, supervisor):
    assert "is there already" in supervisor.post(ADD, plan_form(north, north, ("BOLT", "1"))).content.decode()
    assert "needs a line" in supervisor.post(ADD, plan_form(north, south)).content.decode()
    assert not Transfer.objects.exists()


def test_a_supervisor_plans_for_an_own_warehouse_and_a_buyer_for_all(north, south, bolts):
    elsewhere = a_client(*SUPERVISOR, works_in=[a_warehouse()])
    buyer = a_client("inventory.view_warehouse", "inventory.add_transfer", "inventory.plan_any_transfer")
    sent = plan_form(north, south, ("BOLT", "1"))

    assert elsewhere.post(ADD, sent).status_code == 403
    assert not Transfer.objects.exists()
    assert buyer.post(ADD, sent).status_code == 302


def test_planning_takes_its_right(north, south, bolts):
    client = a_client("inventory.view_warehouse", "inventory.view_transfer", works_in=[north])

    assert client.get(ADD).status_code == 403
    assert client.post(ADD, plan_form(north, south, ("BOLT", "1"))).status_code == 403


def test_a_transfer_is_dispatched_and_received_in_parts(north, south, bolts, supervisor):
    transfer = a_transfer({bolts: 30}, north, south)

    supervisor.post(address(transfer, "dispatch"), moved(transfer, 20))
    supervisor.post(address(transfer, "receive"), moved(transfer, 15))
    assert StockLevel.objects.get(warehouse=south).on_hand == 15
    supervisor.post(address(transfer, "dispatch"), {"all": "1"})
    supervisor.post(address(transfer, "receive"), {"all": "1"})

    transfer.refresh_from_db()
    assert transfer.status == TransferStatus.RECEIVED
    assert StockLevel.objects.get(warehouse=south).on_hand == 30


@pytest.mark.parametrize("what", ["dispatch", "receive"])
def test_the_same_form_twice_moves_once(north, south, bolts, supervisor, what):
    transfer = (a_transfer if what == "dispatch" else on_the_way)({bolts: 30}, north, south)
    sent = moved(transfer, 4, operation=uuid.uuid4().hex)

    for _ in range(2):
        assert supervisor.post(address(transfer, what), sent).status_code == 302
    line = TransferLine.objects.get()
    assert (line.dispatched if what == "dispatch" else line.received) == 4


def test_without_an_operation_the_same_form_twice_moves_twice(north, south, bolts, supervisor):
    """The control of the test above."""
    transfer = a_transfer({bolts: 30}, north, south)

    for _ in range(2):
        supervisor.post(address(transfer, "dispatch"), moved(transfer, 4))
    assert TransferLine.objects.get().dispatched == 8


def test_the_form_of_a_finished_page_sent_again_says_so(north, south, bolts, supervisor):
    transfer = on_the_way({bolts: 30}, north, south)
    supervisor.post(address(transfer, "receive"), {"all": "1"})

    text = supervisor.post(address(transfer, "receive"), moved(transfer, 30), follow=True).content.decode()

    assert f"{transfer} is received" in text
    assert StockLevel.objects.get(warehouse=south).on_hand == 30


@pytest.mark.parametrize("what", WORKS)
def test_garbage_moves_nothing_and_stays_typed(north, south, bolts, supervisor, what):
    transfer = (a_transfer if what == "dispatch" else on_the_way)({bolts: 30}, north, south)
    before = list(TransferLine.objects.values())

    for value in [*GARBAGE, "31"]:
        answer = supervisor.post(address(transfer, what), moved(transfer, value, why="x"))
        assert answer.status_code == 200, value
    for sent in ({}, {"moved-x": "1"}, {"moved-999999": "1", "why": "x"}):
        assert supervisor.post(address(transfer, what), sent).status_code == 200
    assert 'value="31"' in answer.content.decode()
    assert list(TransferLine.objects.values()) == before


def test_a_loss_is_declared_with_a_reason(north, south, bolts, supervisor):
    transfer = on_the_way({bolts: 30}, north, south)

    assert "Say why" in supervisor.post(address(transfer, "lose"), moved(transfer, 2)).content.decode()
    supervisor.post(address(transfer, "lose"), moved(transfer, 2, why="water damage"))

    assert TransferLine.objects.get().lost == 2
    assert "water damage" in supervisor.get(address(transfer)).content.decode()


def test_what_came_back_is_free_again(north, south, bolts, supervisor):
    transfer = on_the_way({bolts: 30}, north, south)

    supervisor.post(address(transfer, "take_back"), {"all": "1"})

    assert StockLevel.objects.get(warehouse=north).available == 100


def test_days_and_cancelling_have_their_pages(north, south, bolts, supervisor):
    transfer = a_transfer({bolts: 30}, north, south)
    late, early = ({"ship_on": str(in_days(2)), "arrive_on": str(in_days(day))} for day in (8, 1))

    assert "cannot arrive" in supervisor.post(address(transfer, "redate"), early).content.decode()
    supervisor.post(address(transfer, "redate"), late)
    assert Transfer.objects.get().arrive_on == in_days(8)
    assert "of 1 line stays there" in supervisor.get(address(transfer, "cancel")).content.decode()
    supervisor.post(address(transfer, "cancel"), {})
    assert Transfer.objects.get().status == TransferStatus.CANCELLED


@pytest.mark.parametrize(
    ("what", "right", "end"),
    [
        ("dispatch", "dispatch_transfer", "source"),
        ("receive", "receive_transfer", "target"),
        ("take_back", "receive_transfer", "source"),
        ("lose", "adjust_stock", "target"),
    ],
)
def test_work_takes_its_right_and_the_right_end(north, south, bolts, what, right, end):
    transfer = (a_transfer if what == "dispatch" else on_the_way)({bolts: 30}, north, south)
    here, there = (north, south) if end == "source" else (south, north)
    sees, sent = "inventory.view_transfer", moved(transfer, 1, why="x")

    assert a_client(works_in=[here]).post(address(transfer, what), sent).status_code == 404
    assert a_client(sees, works_in=[here]).post(address(transfer, what), sent).status_code == 403
    assert (
        a_client(sees, f"inventory.{right}", works_in=[there]).post(address(transfer, what), sent).status_code
        == 403
    )
    assert (
        a_client(sees, f"inventory.{right}", works_in=[here]).post(address(transfer, what), sent).status_code
        == 302
    )


def test_a_page_that_is_not_there_is_not_found(supervisor):
    for what in (*WORKS, "redate", "cancel"):
        url = reverse(f"admin:inventory_transfer_{what}", args=[10**15])
        assert supervisor.get(url).status_code == 404


def test_the_page_says_why_a_step_is_not_open(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    text = a_client("inventory.view_transfer").get(address(transfer)).content.decode()

    assert "needs the right “Can dispatch transfers”" in text
    assert "nothing is on the way" in text
    assert "planned" in text


@pytest.mark.parametrize("page", ["change", "dispatch", "receive", "take_back", "lose"])
def test_a_page_takes_as_many_statements_with_many_lines(north, south, page):
    client = Client()
    client.force_login(a_boss())

    def statements(lines):
        products = many_products(lines)
        receive_stock({product.pk: 5 for product in products}, first_bin(north), Cause("OPENING", None))
        make = a_transfer if page == "dispatch" else on_the_way
        transfer = make(dict.fromkeys(products, 2), north, south)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(transfer, page)).status_code == 200
        return len(queries)

    statements(1)
    assert statements(3) == statements(200)


def test_the_page_of_dispatch_names_the_bins_that_will_be_emptied(north, south, bolts, supervisor):
    a_stock(bolts, 50, north.locations.get(code="A-2"))
    a_shipment({bolts: 90}, customer=a_customer(warehouse=north))
    few, many = a_transfer({bolts: 30}, north, south), a_transfer({bolts: 10}, north, south)
    assert bins_to_empty(few) == {few.lines.get().pk: [("A-1", 10), ("A-2", 20)]}
    assert "A-2" in supervisor.get(address(few, "dispatch")).content.decode()
    assert "A-2" not in supervisor.get(address(many, "dispatch")).content.decode()

    dispatch_transfer(few.pk, {few.lines.get().pk: 30}, by=None)

    left = BinStock.objects.filter(product=bolts, location__warehouse=north)
    assert dict(left.values_list("location__code", "quantity")) == {"A-1": 90, "A-2": 30}


def test_a_product_that_lies_in_no_free_bin_is_said_before_anybody_walks(north, south, supervisor):
    transfer = a_transfer({a_product("NUT"): 30}, north, south)

    assert "In no bin that is free" in supervisor.get(address(transfer, "dispatch")).content.decode()


def test_a_transfer_is_seen_on_its_products_page_and_on_the_home_of_both_ends(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    worker = [*SUPERVISOR, "inventory.view_product", "inventory.view_stocklevel"]
    client = a_client(*worker, works_in=[south])

    assert transfer.number in client.get(f"/admin/inventory/product/{bolts.pk}/stock/").content.decode()
    assert (
        transfer.number
        in client.get("/admin/").content.decode() + client.get("/", follow=True).content.decode()
    )
    elsewhere = a_client(*worker, works_in=[a_warehouse()])
    assert transfer.number not in elsewhere.get("/", follow=True).content.decode()


def test_a_transfer_is_found_by_its_number_a_warehouse_and_a_product(north, south, bolts):
    transfer = a_transfer({bolts: 30}, north, south)
    client = Client()
    client.force_login(a_boss())
    listed = reverse("admin:inventory_transfer_changelist")

    for wanted in (transfer.number, "NORTH", "bol"):
        assert transfer.number in client.get(listed, {"q": wanted}).content.decode()
    assert transfer.number not in client.get(listed, {"q": "NUT"}).content.decode()


def test_late_transfers_are_found(north, south, bolts):
    late, fine, away = (a_transfer({bolts: 1}, north, south) for _ in range(3))
    Transfer.objects.filter(pk=late.pk).update(ship_on=in_days(-2))

    assert list(Transfer.objects.overdue()) == [late]
    client = Client()
    client.force_login(a_boss())
    text = client.get(reverse("admin:inventory_transfer_changelist"), {"days": "late"}).content.decode()
    assert late.number in text
    assert fine.number not in text
    assert away.number not in text


def test_lines_are_counted_where_units_would_be_added_up(north, south, bolts, supervisor):
    nuts = a_product("NUT", on_hand=50, at=north)
    transfer = a_transfer({bolts: 30, nuts: 7}, north, south)
    client, listed = supervisor, reverse("admin:inventory_transfer_changelist")

    told = client.post(address(transfer, "dispatch"), {"all": "1"}, follow=True).content.decode()

    assert f"2 lines of {transfer} are on the way." in told
    found = client.get(listed).context["cl"].result_list[0]
    assert (found.lines_to_dispatch, found.lines_in_transit) == (0, 2)
    assert "2 lines are on the way" in client.get(address(transfer, "cancel")).content.decode()


def test_cable_goes_between_warehouses_by_the_metre(north, south, supervisor):
    cable = a_cable("NYM", metres=100, at=north)
    supervisor.post(ADD, plan_form(north, south, ("NYM", "12.5")))
    transfer = Transfer.objects.get()
    line = transfer.lines.get()
    assert line.ordered == 12_500

    page = supervisor.get(address(transfer, "dispatch"))
    assert page.context["device"]["codes"] == {"NYM": [line.pk, 1000]}
    text = page.content.decode()
    assert "<b>12.5</b> metre" in text
    refused = {f"moved-{line.pk}": "1,000", f"each-{line.pk}": "1000"}
    assert (
        "may be one or a thousand" in supervisor.post(address(transfer, "dispatch"), refused).content.decode()
    )
    supervisor.post(address(transfer, "dispatch"), {f"moved-{line.pk}": "2.5", f"each-{line.pk}": "1000"})

    line.refresh_from_db()
    assert line.dispatched == 2500
    told = supervisor.get(address(transfer)).content.decode()
    assert "<b>10</b>" in told
    assert "12500" not in told
    assert StockLevel.objects.get(product=cable, warehouse=north).on_hand == 97_500
