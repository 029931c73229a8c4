"""Call-offs of an agreement: planned, called off into ordinary orders, and never telling more than their orders do."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.models import Agreement, Customer
from customers.services.agreeing import end_agreement
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment
from inventory.calendars import Calendar
from inventory.errors import NotOrderable
from inventory.models import Product
from inventory.status import ProductStatus
from oms.verify import verify
from orders.call_offs import days_of
from orders.errors import CallOffRefused
from orders.models import CallOff, Order
from orders.services.calling_off import call_off, call_off_due
from orders.services.cancelling import cancel_order, close_short
from orders.services.capturing import enter_order
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, HeaderChange, edit_order
from orders.services.scheduling import (
    Portions,
    change_call_off,
    plan_again,
    plan_call_offs,
    progress_of,
    set_schedule,
    skip_call_off,
)
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from orders.status import CallOffStatus, Interval, OrderStatus
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_unit,
    a_warehouse,
    agreed,
    all_packed,
    an_address,
    an_agreement,
    in_days,
)
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db


def _build() -> Agreement:
    a_company()
    house = a_warehouse()
    bolts = a_product("BOLT-M8", on_hand=1000, at=house, price="10")
    return an_agreement(a_customer("Kern AG"), agreed(bolts, 8, maximum=400))


agreement = shared_by_the_module(_build)


def planned(agreement: Agreement, quantity: int = 100, days: int = 30, **wanted) -> list[CallOff]:
    """Call-offs in so many days, at the customer's first address."""
    line, place = agreement.lines.get(), agreement.customer.addresses.first()
    plan_call_offs(agreement.pk, Portions(line.pk, place.pk, quantity, in_days(days), **wanted), by=None)
    return list(CallOff.objects.all())


def how(one: CallOff) -> tuple[str, int]:
    """The status of a call-off and what is open of it."""
    progress = progress_of(one.schedule.agreement_id)[one.pk]
    return progress.status, progress.open


# --- days -------------------------------------------------------------------------------------------------------------

GERMANY = Calendar(country="DE")


@pytest.mark.parametrize(
    ("interval", "days"),
    [
        (Interval.WEEKLY, [date(2026, 12, 18), date(2026, 12, 28), date(2027, 1, 4)]),  # Christmas, New Year
        (Interval.FORTNIGHTLY, [date(2026, 12, 18), date(2027, 1, 4), date(2027, 1, 15)]),
        (Interval.MONTHLY, [date(2026, 12, 18), date(2027, 1, 18), date(2027, 2, 18)]),
        (Interval.MONTHLY_WEEKDAY, [date(2026, 12, 18), date(2027, 1, 15), date(2027, 2, 19)]),
    ],
)
def test_days_come_at_their_interval_and_leave_out_those_on_which_nobody_receives(interval, days):
    assert days_of(date(2026, 12, 18), interval, 3, GERMANY) == days


def test_the_last_of_a_month_is_the_last_of_each_month():
    every_day = Calendar(frozenset(range(1, 8)))

    days = days_of(date(2027, 1, 31), Interval.MONTHLY, 4, every_day)
    assert [day.isoformat() for day in days] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    fifth = days_of(date(2026, 11, 30), Interval.MONTHLY_WEEKDAY, 3, every_day)
    assert [day.isoformat() for day in fifth] == ["2026-11-30", "2026-12-28", "2027-01-25"]


@settings(max_examples=25)
@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.sampled_from(Interval))
def test_days_go_forward_and_each_is_open(first, interval):
    days = days_of(first, interval, 15, GERMANY)

    assert days == sorted(set(days))
    assert all(GERMANY.is_open(day) for day in days)


# --- planning ---------------------------------------------------------------------------------------------------------


def test_more_than_the_agreement_has_is_not_planned(agreement):
    planned(agreement, 100, count=3)

    with pytest.raises(CallOffRefused, match=r"at most 400 .* 600 .* would be planned\. Plan 200 .* less"):
        planned(agreement, 100, days=60, count=3)
    assert CallOff.objects.count() == 3


def test_what_others_took_leaves_less_to_plan(agreement):
    taken = call_off(planned(agreement, 100, days=1)[0].pk, by=None).order
    confirm_order(taken.pk, by=None)

    with pytest.raises(CallOffRefused, match=r"100 .* are taken and 301 .* Plan 1 "):
        planned(agreement, 301)
    planned(agreement, 300)


@pytest.mark.parametrize(("days", "says"), [(-3, "choose days from"), (270, "choose days from")])
def test_days_are_not_over_and_within_the_agreement(agreement, days, says):
    with pytest.raises(CallOffRefused, match=says):
        planned(agreement, days=days)


def test_the_same_is_planned_for_a_day_once(agreement):
    planned(agreement)

    with pytest.raises(CallOffRefused, match="already; change that call-off"):
        planned(agreement)


def test_goods_go_to_the_customers_own_places(agreement):
    stranger = an_address(a_customer("Roth GmbH"), "ELSEWHERE")

    there = Portions(agreement.lines.get().pk, stranger.pk, 5, in_days(9))
    with pytest.raises(CallOffRefused, match="cannot go there"):
        plan_call_offs(agreement.pk, there, by=None)


def test_a_quantity_is_one_that_the_unit_is_sold_in(agreement):
    nuts = a_product("NUT", price="1")
    a_unit(nuts, "BX", 50, multiple=2)
    boxes = an_agreement(a_customer(), agreed(nuts, 40, unit="BX"))

    planned(boxes, 100)
    with pytest.raises(NotOrderable, match="order 2 or 4"):
        planned(boxes, 150, days=60)


def test_an_agreement_that_ended_is_not_planned(agreement):
    end_agreement(agreement.pk, by=None)

    with pytest.raises(CallOffRefused, match="not in force"):
        planned(agreement)


def test_a_call_off_is_changed_until_it_is_called(agreement):
    one = planned(agreement)[0]
    change_call_off(one.pk, requested_on=in_days(20), quantity=400, by=None)

    with pytest.raises(CallOffRefused, match="Plan 1 "):
        change_call_off(one.pk, requested_on=in_days(20), quantity=401, by=None)
    with pytest.raises(NotOrderable):
        change_call_off(one.pk, quantity=0, by=None)
    order = call_off(one.pk, by=None).order
    with pytest.raises(CallOffRefused, match=f"{order}; change that order"):
        change_call_off(one.pk, requested_on=in_days(21), quantity=1, by=None)
    one.refresh_from_db()
    assert (one.quantity, one.requested_on, order.requested_on) == (400, in_days(20), in_days(20))


def test_what_is_skipped_is_not_called_off_and_may_be_planned_again(agreement):
    one = planned(agreement, 400)[0]
    skip_call_off(one.pk, by=None)

    assert how(one) == (CallOffStatus.SKIPPED, 0)
    with pytest.raises(CallOffRefused, match="was skipped; plan it again"):
        call_off(one.pk, by=None)
    plan_again(one.pk, by=None)
    assert how(one) == (CallOffStatus.PLANNED, 400)
    skip_call_off(one.pk, by=None)
    planned(agreement, 100, days=60)
    with pytest.raises(CallOffRefused, match="Plan 100 "):
        plan_again(one.pk, by=None)


# --- calling off ------------------------------------------------------------------------------------------------------


def test_a_call_off_becomes_an_ordinary_order_at_the_agreed_price(agreement):
    one = planned(agreement)[0]
    set_schedule(agreement.pk, lead_days=10, customer_po="FRAME-7", by=None)

    called = call_off(one.pk, by=None)

    line = called.order.lines.get()
    assert (line.ordered, line.unit_price, line.agreement_line) == (100, 8, agreement.lines.get())
    assert (called.refusal, called.order.customer_po) == ("", "FRAME-7")
    assert str(agreement) in called.order.events.get(kind="called off").note
    assert str(called.order) in agreement.events.get(kind="called off").note
    assert Order.objects.get().status == OrderStatus.SUBMITTED
    assert how(one) == (CallOffStatus.ORDERED, 0)
    with pytest.raises(CallOffRefused, match=f"called off already: {called.order}"):
        call_off(one.pk, by=None)


@pytest.fixture
def frame(agreement):
    """An agreement on two products, and what is planned of each for the same day at the same place."""
    nuts = a_product("NUT-M8", on_hand=1000, price="3")
    both = an_agreement(
        a_customer("Roth AG"), agreed(agreement.lines.get().product, 7), agreed(nuts, 2, maximum=500)
    )
    place = both.customer.addresses.get()
    for line in both.lines.order_by("pk"):
        plan_call_offs(both.pk, Portions(line.pk, place.pk, 100, in_days(8)), by=None)
    return both


def parts_of(order: Order) -> list[tuple[str, int, int]]:
    lines = order.lines.order_by("position")
    return [
        (sku, n, int(price)) for sku, n, price in lines.values_list("product__sku", "ordered", "unit_price")
    ]


def test_several_products_of_one_day_and_place_are_one_order(frame):
    assert [call_off_due(), call_off_due()] == [1, 0]

    order = Order.objects.get()
    assert parts_of(order) == [("BOLT-M8", 100, 7), ("NUT-M8", 100, 2)]
    assert order.status == OrderStatus.SUBMITTED
    assert [how(one) for one in CallOff.objects.all()] == [(CallOffStatus.ORDERED, 0)] * 2
    assert verify() == []


def test_another_day_or_place_is_an_order_of_its_own(frame):
    bolts, nuts = frame.lines.order_by("pk")
    there = an_address(frame.customer, "WERK2")
    plan_call_offs(frame.pk, Portions(nuts.pk, there.pk, 100, in_days(8)), by=None)
    plan_call_offs(frame.pk, Portions(bolts.pk, there.pk, 100, in_days(12)), by=None)

    assert call_off_due(in_days(10)) == 3
    assert sorted(order.lines.count() for order in Order.objects.all()) == [1, 1, 2]


def test_called_by_hand_takes_along_what_was_never_called(frame):
    first, second = CallOff.objects.order_by("pk")

    order = call_off(second.pk, by=None).order

    assert parts_of(order) == [("NUT-M8", 100, 2), ("BOLT-M8", 100, 7)]
    with pytest.raises(CallOffRefused, match=f"called off already: {order}"):
        call_off(first.pk, by=None)


def test_what_was_given_back_is_not_taken_along_again(frame):
    first, second = CallOff.objects.order_by("pk")
    skip_call_off(second.pk, by=None)
    cancel_order(call_off(first.pk, by=None).order.pk, by=None)
    plan_again(second.pk, by=None)

    assert parts_of(call_off(second.pk, by=None).order) == [("NUT-M8", 100, 2)]
    assert how(first) == (CallOffStatus.PLANNED, 100)


def test_what_cannot_be_entered_stops_nobody_else_of_its_day(frame, monkeypatch):
    nut = Product.objects.get(sku="NUT-M8")

    def refuses_nuts(header, lines, *, by):
        if any(line.unit_id == nut.units.get().pk for line in lines):
            raise NotOrderable("100", nut.sku, "is not sold", "none")
        return enter_order(header, lines, by=by)

    monkeypatch.setattr("orders.services.calling_off.enter_order", refuses_nuts)

    assert call_off_due() == 1
    assert parts_of(Order.objects.get()) == [("BOLT-M8", 100, 7)]
    bolts, nuts = CallOff.objects.order_by("pk")
    assert (bolts.refusal, nuts.refusal != "") == ("", True)


def test_a_draft_names_the_product_that_is_not_at_its_price(frame):
    nuts = frame.lines.get(product__sku="NUT-M8")
    taken = a_confirmed_order({nuts.product: 5}, customer=frame.customer)
    nuts.draws.create(line=taken.lines.get(), quantity=445)

    called = call_off(CallOff.objects.first().pk, by=None)

    assert "50 C62 of NUT-M8 are not at the price" in called.refusal
    assert called.order.status == OrderStatus.DRAFT
    assert set(CallOff.objects.stuck()) == set(CallOff.objects.all())


def test_only_what_is_due_is_called_off_and_once(agreement):
    planned(agreement, 100, days=10)
    planned(agreement, 100, days=40)
    set_schedule(agreement.pk, lead_days=20, customer_po="", by=None)

    assert [call_off_due(), call_off_due(), call_off_due(in_days(25)), call_off_due(in_days(25))] == [
        1,
        0,
        1,
        0,
    ]
    assert Order.objects.filter(status=OrderStatus.SUBMITTED).count() == 2


def test_a_check_that_refuses_leaves_a_draft_that_says_why(agreement):
    Customer.objects.update(po_required=True)
    one = planned(agreement, days=5)[0]

    assert [call_off_due(), call_off_due()] == [1, 0]
    one.refresh_from_db()
    assert Order.objects.get().status == OrderStatus.DRAFT
    assert "PO number" in one.refusal
    assert list(CallOff.objects.stuck()) == [one]


def test_what_the_agreement_cannot_give_is_left_in_a_draft_and_not_sold_at_another_price(agreement):
    one = planned(agreement, 300, days=5)[0]
    confirm_order(call_off(planned(agreement, 100, days=9)[1].pk, by=None).order.pk, by=None)
    agreement.lines.get().draws.create(line=Order.objects.get().lines.get(), quantity=200)

    called = call_off(one.pk, by=None)

    assert called.order.status == OrderStatus.DRAFT
    assert "200 " in called.refusal
    assert "not at the price of" in called.refusal


def test_what_cannot_be_entered_says_why_and_is_tried_again(agreement):
    one = planned(agreement, days=5)[0]
    agreement.customer.addresses.update(is_bill_to=False)

    assert call_off_due() == 0
    one.refresh_from_db()
    assert "needs an address" in one.refusal
    assert (list(CallOff.objects.stuck()), Order.objects.count()) == ([one], 0)
    agreement.customer.addresses.update(is_bill_to=True)
    assert call_off_due() == 1
    one.refresh_from_db()
    assert one.refusal == ""


def test_a_product_that_is_blocked_meanwhile_is_not_ordered(agreement):
    planned(agreement, days=5)
    Product.objects.update(status=ProductStatus.BLOCKED)

    call_off_due()

    assert Order.objects.get().status == OrderStatus.DRAFT


def test_an_agreement_that_ended_calls_nothing_off(agreement):
    one = planned(agreement, days=5)[0]
    end_agreement(agreement.pk, by=None)

    assert call_off_due() == 0
    with pytest.raises(CallOffRefused, match="does not hold today"):
        call_off(one.pk, by=None)


# --- a schedule does not lie ------------------------------------------------------------------------------------------


def test_a_cancelled_order_gives_back_and_the_clock_does_not_order_again(agreement):
    one = planned(agreement, days=5)[0]
    call_off_due()
    cancel_order(Order.objects.get().pk, by=None)

    assert how(one) == (CallOffStatus.PLANNED, 100)
    assert call_off_due() == 0
    again = call_off(one.pk, by=None).order
    assert again.lines.get().ordered == 100
    assert how(one) == (CallOffStatus.ORDERED, 0)


def test_a_draft_that_orders_less_leaves_the_rest_open(agreement):
    one = planned(agreement)[0]
    Customer.objects.update(po_required=True)
    draft = call_off(one.pk, by=None).order
    (line,) = draft.lines.all()
    edit_order(draft.pk, Edit(draft.revision, change=[Change(line.pk, ordered=60)]), by=a_boss())

    assert how(one) == (CallOffStatus.ORDERED, 40)
    assert call_off(one.pk, by=None).order.lines.get().ordered == 40


def test_what_is_split_off_still_belongs_to_its_call_off(agreement):
    one = planned(agreement)[0]
    Customer.objects.update(po_required=True)
    draft = call_off(one.pk, by=None).order
    nuts = a_product("NUT", on_hand=9, price="1")
    more = Edit(draft.revision, add=[a_line(nuts, 5)], header=HeaderChange(customer_po="7"))
    edit_order(draft.pk, more, by=a_boss())
    order = confirm_order(submit_order(draft.pk, by=None).pk, by=None)

    split_order(order.pk, Split(order.revision, frozenset({1}), requested_on=in_days(50)), by=a_boss())

    assert one.made.count() == 2
    assert how(one) == (CallOffStatus.ORDERED, 0)


def test_a_call_off_is_shipped_when_all_of_it_is(agreement):
    one = planned(agreement)[0]
    order = confirm_order(call_off(one.pk, by=None).order.pk, by=None)
    assert how(one) == (CallOffStatus.ORDERED, 0)
    (shipment,) = release_order(order.pk, by=None)
    ship_shipment(all_packed(shipment).pk, by=None)

    assert how(one) == (CallOffStatus.SHIPPED, 0)
    assert verify() == []


def test_what_is_closed_short_is_open_again(agreement):
    scarce = a_product("SCARCE", on_hand=60, price="10")
    few = an_agreement(a_customer(), agreed(scarce, 8))
    (one,) = planned(few, days=1)
    order = confirm_order(call_off(one.pk, by=None).order.pk, by=None)
    (shipment,) = release_order(order.pk, by=None)
    ship_shipment(all_packed(shipment).pk, by=None)

    assert how(one) == (CallOffStatus.PARTLY_SHIPPED, 0)
    close_short(order.pk, "they wait no longer", by=a_boss())
    assert how(one) == (CallOffStatus.PARTLY_SHIPPED, 40)
