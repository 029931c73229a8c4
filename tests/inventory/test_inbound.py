"""What suppliers answer, what comes, what is taken back, and where it is put away."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory.availability import supply_rows
from inventory.errors import (
    BadDay,
    BadQuantity,
    KeptByWork,
    NotEnoughStock,
    OffTerms,
    TakenBackAlready,
)
from inventory.models import (
    BinStock,
    Location,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptLine,
    StockLevel,
    Supplier,
    SupplierProduct,
    Warehouse,
)
from inventory.replenishment import is_in_terms, nearest_in_terms
from inventory.services.purchasing import (
    Expected,
    cancel_purchase_order,
    place_purchase_order,
    record_purchase_order,
)
from inventory.services.putting_away import Put, put_away, suggested_bins
from inventory.services.receiving import Delivery, receive_purchase_order, take_back_receipt
from inventory.services.suppliers_answers import (
    Answer,
    confirm_purchase_order,
    learn_supplier_delays,
    redate_purchase_lines,
)
from inventory.status import LocationKind, PurchaseStatus
from oms.errors import IllegalMove
from oms.verify import verify
from tests.builders import (
    a_confirmed_order,
    a_product,
    a_shipment,
    a_stock,
    a_user,
    a_warehouse,
    all_picked,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db

HUGE = 10**13


@pytest.fixture
def house():
    return a_warehouse("MAIN", bins=3)


def a_supplier(**values):
    return Supplier.objects.create(code=f"S{Supplier.objects.count()}", name="Hydra", **values)


def a_purchase(house, supplier=None, quantity=10, products=None, on=3):
    products = products or [a_product()]
    lines = [Expected(product.pk, quantity, in_days(on)) for product in products]
    return record_purchase_order(supplier or a_supplier(), house, lines, by=None)


def confirmed(order, on=3, quantity=None):
    answers = {line.pk: Answer(quantity or line.ordered, in_days(on)) for line in order.lines.all()}
    return confirm_purchase_order(order.pk, answers, by=None)


def all_came(order, quantity=None, **delivery):
    quantities = {line.pk: quantity or line.due for line in order.lines.all()}
    return receive_purchase_order(order.pk, quantities, by=None, delivery=Delivery(**delivery))


def supply():
    """What is on its way, and when it should be at the dock."""
    products, houses = (list(model.objects.values_list("pk", flat=True)) for model in (Product, Warehouse))
    return [(row.quantity, row.docks_on(in_days(0))) for row in supply_rows(products, houses)]


def an_old(order, days):
    """The order as if it had been placed so many days ago."""
    PurchaseOrder.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(days=days))
    return order


# --- what counts as supply


def test_only_what_a_supplier_has_confirmed_counts_as_supply(house):
    order = a_purchase(house)
    assert supply() == []

    confirmed(order, on=5, quantity=8)

    assert supply() == [(8, in_days(5))]
    assert order.lines.get().due == 10


def test_what_has_come_of_the_confirmed_quantity_does_not_come_again(house):
    order = a_purchase(house)
    confirmed(order, quantity=8)
    all_came(order, 3)

    assert supply() == [(5, in_days(3))]

    all_came(order, 5)
    assert supply() == []


def test_a_late_line_counts_from_today_and_the_delay_learned_of_its_supplier(house):
    supplier = a_supplier(learned_delay_days=4)
    order = a_purchase(house, supplier)
    confirmed(order)
    order.lines.update(confirmed_on=in_days(-1))

    assert supply() == [(10, in_days(4))]


def test_a_line_due_today_is_not_late(house):
    confirmed(a_purchase(house, a_supplier(learned_delay_days=4)), on=0)

    assert supply() == [(10, in_days(0))]


def test_a_later_answer_moves_the_supply_and_the_first_day_still_judges(house):
    order = a_purchase(house)
    confirmed(order, on=5)
    confirmed(order, on=9, quantity=4)

    line = order.lines.get()
    assert (line.confirmed, line.confirmed_on, line.promised_on) == (4, in_days(9), in_days(5))
    assert (line.due, line.refused, line.judged_on) == (10, 6, in_days(5))
    assert supply() == [(4, in_days(9))]


def test_nothing_is_an_answer_too(house):
    order = a_purchase(house)
    confirm_purchase_order(order.pk, {order.lines.get().pk: Answer(0, in_days(3))}, by=None)

    assert (order.lines.get().refused, supply()) == (10, [])


def test_what_is_cancelled_counts_no_more(house):
    order = a_purchase(house)
    confirmed(order)
    cancel_purchase_order(order.pk, by=None)

    assert supply() == []


def test_dates_change_with_a_reason_where_they_stand(house):
    answered, asked = a_purchase(house), a_purchase(house)
    confirmed(answered)
    for order in (answered, asked):
        redate_purchase_lines(order.pk, {order.lines.get().pk: in_days(20)}, by=None, reason="strike")

    first, second = answered.lines.get(), asked.lines.get()
    assert (first.confirmed_on, first.expected_on, first.promised_on) == (in_days(20), in_days(3), in_days(3))
    assert (second.confirmed_on, second.expected_on, second.due_on) == (None, in_days(20), in_days(20))
    event = answered.events.order_by("-version").first()
    assert (event.kind, event.note) == ("dates changed", "strike")


@pytest.mark.parametrize("quantity", [-1, 11, HUGE])
def test_what_cannot_be_confirmed_is_refused_with_what_can(house, quantity):
    order = a_purchase(house)

    with pytest.raises(BadQuantity, match=r"cannot be confirmed; 0 to 10 can"):
        confirm_purchase_order(order.pk, {order.lines.get().pk: Answer(quantity, in_days(3))}, by=None)

    assert order.lines.get().confirmed is None


def test_less_than_has_come_cannot_be_confirmed(house):
    order = a_purchase(house)
    all_came(order, 6)

    with pytest.raises(BadQuantity, match="6 to 10 can"):
        confirmed(order, quantity=5)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(9999, 12, 31), "yesterday"])
def test_no_day_in_the_past_or_out_of_sight_is_expected(house, day):
    day = in_days(-1) if day == "yesterday" else day
    order, supplier, product = a_purchase(house), a_supplier(), a_product()
    line = order.lines.get().pk

    for act in (
        lambda: place_purchase_order(supplier, house, [Expected(product.pk, 5, day)], by=None),
        lambda: confirm_purchase_order(order.pk, {line: Answer(5, day)}, by=None),
        lambda: redate_purchase_lines(order.pk, {line: day}, by=None, reason="strike"),
    ):
        with pytest.raises(BadDay, match="nothing can be expected on"):
            act()

    assert PurchaseOrder.objects.count() == 1
    assert order.events.count() == 1


def test_an_answer_is_for_an_open_order_and_for_its_own_lines(house):
    order, other, gone = (a_purchase(house) for _ in range(3))
    cancel_purchase_order(gone.pk, by=None)

    with pytest.raises(IllegalMove):
        confirmed(gone)
    with pytest.raises(BadQuantity, match="no such line"):
        confirm_purchase_order(order.pk, {other.lines.get().pk: Answer(1, in_days(1))}, by=None)
    with pytest.raises(BadQuantity, match="no line was answered"):
        confirm_purchase_order(order.pk, {}, by=None)
    with pytest.raises(BadDay, match="say why"):
        redate_purchase_lines(order.pk, {order.lines.get().pk: in_days(9)}, by=None, reason=" ")


# --- receiving


def test_a_receipt_says_what_came_when_under_which_note(house):
    order = an_old(a_purchase(house), 5)
    someone = a_user()
    line = order.lines.get()

    receive_purchase_order(order.pk, {line.pk: 4}, by=someone, delivery=Delivery("LS-4711", in_days(-1)))

    receipt = Receipt.objects.get()
    assert (receipt.delivery_note, receipt.received_on, receipt.by) == ("LS-4711", in_days(-1), someone)
    assert receipt.lines.get().quantity == 4
    assert (order.lines.get().received, order.lines.get().due) == (4, 6)


def test_more_than_tolerated_is_refused_with_the_most_that_may_come(house):
    order = a_purchase(house, a_supplier(tolerance_percent=25))

    with pytest.raises(BadQuantity, match=r"13 of .* came, 10 are due. The most that may be received is 12"):
        all_came(order, 13)
    assert not Receipt.objects.exists()

    all_came(order, 12)

    line = order.lines.get()
    assert (line.received, line.due, line.in_time) == (12, 0, 12)
    order.refresh_from_db()
    assert order.status == PurchaseStatus.RECEIVED


def test_without_a_tolerance_one_too_many_is_too_many(house):
    with pytest.raises(BadQuantity, match="The most that may be received is 10"):
        all_came(a_purchase(house), 11)


def test_the_database_holds_the_tolerance_too(house):
    order = a_purchase(house, a_supplier(tolerance_percent=25))
    all_came(order, 12)
    receipt, line = Receipt.objects.get(), order.lines.get()
    late = Receipt.objects.create(purchase_order=order, received_on=in_days(0))

    with pytest.raises(DatabaseError, match="never_receive_more_than_tolerated"), transaction.atomic():
        ReceiptLine.objects.create(
            receipt=late, line=line, quantity=1, promised_on=in_days(0), told_on=in_days(0)
        )
    for change in (
        lambda: PurchaseOrderLine.objects.update(received=5),
        lambda: Receipt.objects.filter(pk=receipt.pk).update(delivery_note="forged"),
        lambda: receipt.lines.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("quantity", [0, -3, HUGE])
def test_no_quantity_that_cannot_be_comes(house, quantity):
    order = a_purchase(house)

    with pytest.raises(BadQuantity):
        receive_purchase_order(order.pk, {order.lines.get().pk: quantity}, by=None)
    with pytest.raises(BadQuantity, match="nothing came"):
        receive_purchase_order(order.pk, {}, by=None)

    assert not Receipt.objects.exists()


def test_nothing_comes_of_a_cancelled_order_or_of_another_ones_line(house):
    gone, order = a_purchase(house), a_purchase(house)
    cancel_purchase_order(gone.pk, by=None)

    with pytest.raises(IllegalMove, match="cancelled"):
        receive_purchase_order(gone.pk, {gone.lines.get().pk: 1}, by=None)
    with pytest.raises(BadQuantity, match="no such line"):
        receive_purchase_order(order.pk, {gone.lines.get().pk: 1}, by=None)

    assert not Receipt.objects.exists()


@pytest.mark.parametrize("days", [1, -6, 3_000_000])
def test_nothing_comes_tomorrow_or_before_it_was_ordered(house, days):
    day = date(9999, 12, 31) if days > 1000 else in_days(days)

    with pytest.raises(BadDay, match="nothing can have come on"):
        all_came(an_old(a_purchase(house), 5), on=day)

    assert not Receipt.objects.exists()


# --- a wrong receipt


def test_a_wrong_receipt_is_taken_back_by_an_opposite_one(house):
    order = a_purchase(house)
    confirmed(order)
    all_came(order)
    wrong = Receipt.objects.get()

    back = take_back_receipt(wrong.pk, by=None, reason="another customer's")

    order.refresh_from_db()
    line = order.lines.get()
    assert (order.status, line.received, line.in_time, line.due) == (PurchaseStatus.OPEN, 0, 0, 10)
    assert [row.quantity for row in back.lines.all()] == [-10]
    assert StockLevel.objects.get(product=line.product).on_hand == 0
    assert supply() == [(10, in_days(3))]
    with pytest.raises(TakenBackAlready):
        take_back_receipt(wrong.pk, by=None, reason="again")
    with pytest.raises(TakenBackAlready):
        take_back_receipt(back.pk, by=None, reason="back and forth")
    assert verify() == []


def test_what_is_put_away_or_promised_is_not_taken_back(house):
    order, other = a_purchase(house), a_purchase(house)
    all_came(order), all_came(other)
    product = order.lines.get().product
    put_away(house.pk, [Put(product.pk, 4, house.locations.get(code="A-1").pk)], by=None)
    a_confirmed_order({other.lines.get().product: 3})

    for one, there in ((order, 6), (other, 7)):
        with pytest.raises(NotEnoughStock, match=f"10 wanted, {there} there.*put away or promised"):
            take_back_receipt(one.receipts.get().pk, by=None, reason="wrong")

    assert Receipt.objects.count() == 2
    assert verify() == []


def test_a_receipt_is_taken_back_for_a_reason(house):
    order = a_purchase(house)
    all_came(order)

    with pytest.raises(BadQuantity, match="say what was wrong"):
        take_back_receipt(order.receipts.get().pk, by=None, reason=" ")


def test_of_a_cancelled_order_nothing_is_due_again(house):
    order = a_purchase(house)
    all_came(order, 4)
    cancel_purchase_order(order.pk, by=None)

    take_back_receipt(order.receipts.get().pk, by=None, reason="sent back")

    line = order.lines.get()
    assert (line.received, line.cancelled, line.due) == (0, 10, 0)
    assert verify() == []


# --- how suppliers keep their word


def test_kept_promises_weigh_every_line_the_same_and_count_what_is_overdue(house):
    supplier = a_supplier()
    good, cable = a_purchase(house, supplier), a_purchase(house, supplier, quantity=7000)
    half, overdue, open_ = (a_purchase(house, supplier) for _ in range(3))
    all_came(good), all_came(cable)
    for order in (half, overdue):
        an_old(order, 9)
        order.lines.update(expected_on=in_days(-2))
    all_came(half, 5, on=in_days(-2))
    all_came(half, 5)

    rated = Supplier.objects.with_kept_promises().get(pk=supplier.pk)

    assert rated.kept_promises == Decimal("63")  # (100 + 100 + 50 + 0) / 4
    assert open_.lines.get().due == 10
    assert Supplier.objects.with_kept_promises().get(pk=a_supplier().pk).kept_promises is None


def test_a_receipt_that_was_taken_back_keeps_and_breaks_no_promise(house):
    supplier = a_supplier()
    order = a_purchase(house, supplier)
    all_came(order)
    take_back_receipt(order.receipts.get().pk, by=None, reason="wrong")

    assert Supplier.objects.with_kept_promises().get(pk=supplier.pk).kept_promises is None


def test_the_delay_of_a_supplier_is_learned_from_the_last_receipts(house):
    supplier, other = a_supplier(), a_supplier()
    for late in (0, 3, 4):
        order = an_old(a_purchase(house, supplier), 30)
        order.lines.update(expected_on=in_days(-late))
        all_came(order)
    wrong = an_old(a_purchase(house, supplier), 30)
    wrong.lines.update(expected_on=in_days(-29))
    all_came(wrong)
    take_back_receipt(wrong.receipts.get().pk, by=None, reason="wrong")

    assert learn_supplier_delays() == 1
    assert learn_supplier_delays() == 0

    supplier.refresh_from_db(), other.refresh_from_db()
    assert (supplier.learned_delay_days, other.learned_delay_days) == (3, 0)  # 7 / 3, rounded up


# --- what a supplier sells


@pytest.mark.parametrize(
    ("quantity", "minimum", "multiple", "nearest"),
    [
        (7, 10, 5, (10, 15)),
        (12, 10, 5, (10, 15)),
        (3, 15, 10, (15, 20)),
        (17, 15, 10, (15, 20)),
        (1, 4, 4, (4, 8)),
    ],
)
def test_off_terms_the_two_nearest_quantities_are_in_terms(quantity, minimum, multiple, nearest):
    assert not is_in_terms(quantity, minimum, multiple)
    assert nearest_in_terms(quantity, minimum, multiple) == nearest
    assert all(is_in_terms(near, minimum, multiple) for near in nearest)


def test_what_a_supplier_does_not_sell_is_refused_with_the_two_nearest(house):
    supplier, bolts, nuts, other = a_supplier(), a_product("BOLT"), a_product("NUT"), a_product("FREE")
    for product in (bolts, nuts):
        SupplierProduct.objects.create(supplier=supplier, product=product, cost=1, minimum=100, multiple=50)
    lines = [
        Expected(product.pk, quantity, in_days(3))
        for product, quantity in ((bolts, 120), (nuts, 10), (other, 7))
    ]

    with pytest.raises(OffTerms) as refusal:
        place_purchase_order(supplier, house, lines, by=None)

    assert refusal.value.lines == ["120 of BOLT: order 100 or 150.", "10 of NUT: order 100 or 150."]
    assert not PurchaseOrder.objects.exists()
    assert record_purchase_order(supplier, house, lines, by=None).lines.count() == 3


# --- putting away


def test_goods_go_from_receiving_into_bins(house):
    order = a_purchase(house)
    all_came(order)
    product, bin_ = order.lines.get().product, house.locations.get(code="A-2")

    put_away(house.pk, [Put(product.pk, 6, bin_.pk)], by=None)

    assert BinStock.objects.get(product=product, location=bin_).quantity == 6
    assert BinStock.objects.to_put_away().get().quantity == 4
    assert StockLevel.objects.get(product=product).on_hand == 10


def test_what_a_picker_comes_for_stays_in_receiving(house):
    order = a_purchase(house)
    all_came(order)
    product, shelf = order.lines.get().product, house.locations.get(code="A-1")
    shipment = a_shipment({product: 4})

    with pytest.raises(NotEnoughStock, match="7 wanted, 6 there"):
        put_away(house.pk, [Put(product.pk, 7, shelf.pk)], by=None)
    put_away(house.pk, [Put(product.pk, 6, shelf.pk)], by=None)

    assert not BinStock.objects.to_put_away().exists()
    assert all_picked(shipment).lines.get().picked == 4
    assert verify() == []


def test_only_shelves_of_the_house_take_what_lies_in_receiving(house):
    order = a_purchase(house)
    all_came(order)
    product, east = order.lines.get().product, a_warehouse("EAST")
    cage = Location.objects.create(warehouse=house, code="Q", kind=LocationKind.QUARANTINE)
    shelf = house.locations.get(code="A-1")

    for place in (cage.pk, east.locations.get().pk, 10**9):
        with pytest.raises(KeptByWork, match="no pick or reserve bin"):
            put_away(house.pk, [Put(product.pk, 1, place)], by=None)
    for quantity in (0, -1, HUGE):
        with pytest.raises(BadQuantity):
            put_away(house.pk, [Put(product.pk, quantity, shelf.pk)], by=None)
    with pytest.raises(BadQuantity, match="Nothing was put away"):
        put_away(house.pk, [], by=None)
    with pytest.raises(NotEnoughStock, match="11 wanted, 10 there"):
        put_away(house.pk, [Put(product.pk, 11, shelf.pk)], by=None)

    assert BinStock.objects.to_put_away().get().quantity == 10


def test_a_bin_is_suggested_where_it_lies_already_else_an_empty_one_else_reserve(house):
    known, first, second, third, fourth = (a_product() for _ in range(5))
    a_stock(known, 5, house.locations.get(code="A-2"))
    for n in (1, 2):
        Location.objects.create(warehouse=house, code=f"R-{n}", kind=LocationKind.RESERVE, walk_order=n)

    found = suggested_bins(house.pk, [known.pk, first.pk, second.pk, third.pk, fourth.pk])

    assert [found[p.pk].code for p in (known, first, second, third, fourth)] == [
        "A-2",
        "A-1",
        "A-3",
        "R-1",
        "R-2",
    ]


def test_a_house_without_a_bin_suggests_none():
    assert suggested_bins(a_warehouse(bins=0).pk, [a_product().pk]) == {}


# --- cost


def test_the_statements_do_not_grow_with_the_lines(house):
    def statements(lines):
        products, counts = many_products(lines), []
        order = a_purchase(house, a_supplier(tolerance_percent=10), products=products)
        ids = list(order.lines.values_list("pk", flat=True))
        shelf = house.locations.get(code="A-1")
        for act in (
            lambda: confirm_purchase_order(order.pk, {pk: Answer(10, in_days(3)) for pk in ids}, by=None),
            lambda: redate_purchase_lines(order.pk, dict.fromkeys(ids, in_days(4)), by=None, reason="x"),
            lambda: receive_purchase_order(order.pk, dict.fromkeys(ids, 11), by=None),
            lambda: take_back_receipt(order.receipts.get().pk, by=None, reason="wrong"),
            lambda: receive_purchase_order(order.pk, dict.fromkeys(ids, 10), by=None),
            lambda: suggested_bins(house.pk, [p.pk for p in products]),
            lambda: put_away(house.pk, [Put(p.pk, 10, shelf.pk) for p in products], by=None),
            lambda: list(PurchaseOrderLine.objects.supply()),
            learn_supplier_delays,
        ):
            with CaptureQueriesContext(connection) as queries:
                act()
            counts.append(len(queries))
        return counts

    statements(1)
    assert statements(10) == statements(500) == [8, 8, 12, 15, 12, 3, 7, 1, 3]
