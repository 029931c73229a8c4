"""Each line of a confirmed order has its day, from the ledger of promises."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from inventory.models import PurchaseOrderLine, Warehouse
from oms.verify import verify
from orders.models import OrderLine, Promise
from orders.services.allocating import serve_backorders
from orders.services.cancelling import cancel_order
from orders.services.confirming import confirm_order
from orders.services.promise_ledger import Told, write_promises
from orders.services.promising import destination_of, sites_at
from orders.services.submitting import submit_order
from orders.status import PromiseCause
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_stock,
    a_submitted_order,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.promising.house import bought_within, june, on_its_way
from tests.verify.conftest import behind_its_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    """A warehouse that works every day until midnight, a day away from everybody."""
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0)


def the_site(warehouse, to=None):
    return sites_at(Warehouse.objects.filter(pk=warehouse.pk), to=to, now=timezone.now())[0]


def leaves(order):
    return list(order.lines.order_by("position").values_list("ship_on", flat=True))


def told(order):
    columns = ("quantities", "ship_on", "promised_on", "brought_by", "cause")
    return list(order.promises.order_by("pk").values_list(*columns))


def test_lines_in_stock_leave_on_the_first_day_and_are_one_row_of_the_ledger(north):
    bolts, nuts = a_product("BOLT", on_hand=10, at=north), a_product("NUT", on_hand=10, at=north)
    rep = a_user()

    order = a_confirmed_order({bolts: 4, nuts: 6}, by=rep)

    today, (line, _other) = in_days(0), order.lines.order_by("position")
    assert leaves(order) == [today, today]
    assert told(order) == [([4, 6], today, line.promised_on, "", "confirmed")]
    assert line.promised_on >= today
    assert order.promises.get().by == rep
    assert verify() == []


def test_drafts_and_submitted_orders_promise_nothing(north):
    bolts = a_product("BOLT", on_hand=10, at=north)

    order = a_submitted_order({bolts: 4})

    assert leaves(order) == [None]
    assert not Promise.objects.exists()


def test_what_is_short_is_promised_from_the_purchase_that_brings_it(north):
    bolts = a_product("BOLT", on_hand=10, at=north)
    purchase = on_its_way(bolts, north, 50, in_days(5)).purchase_order

    order = a_confirmed_order({bolts: 30})

    assert order.lines.get().allocated == 10
    assert leaves(order) == [in_days(6)]  # what comes on a day leaves on the next one
    assert told(order)[0][0] == [30]
    assert told(order)[0][3] == purchase.number


def test_the_same_supply_is_promised_once_in_the_order_of_confirmation(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 10, in_days(3))
    on_its_way(bolts, north, 10, in_days(8))

    first, second = a_confirmed_order({bolts: 10}), a_confirmed_order({bolts: 4})
    third, fourth = a_confirmed_order({bolts: 6}), a_confirmed_order({bolts: 1})

    assert [leaves(order) for order in (first, second, third)] == [[in_days(4)], [in_days(9)], [in_days(9)]]
    assert leaves(fourth) == [None]


def test_two_lines_of_one_order_do_not_get_the_same_supply(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 10, in_days(3))
    on_its_way(bolts, north, 10, in_days(8))
    order = an_order({bolts: 10})
    twice = OrderLine.objects.get(order=order)
    twice.pk, twice.position = None, 2
    twice.save()
    type(order).objects.filter(pk=order.pk).update(total=order.total * 2)

    confirm_order(submit_order(order.pk, by=None).pk, by=None)

    assert leaves(order) == [in_days(4), in_days(9)]


def test_what_was_promised_of_stock_on_hand_is_not_promised_again_from_supply(north):
    bolts = a_product("BOLT", on_hand=10, at=north)
    on_its_way(bolts, north, 10, in_days(3))

    order = a_confirmed_order({bolts: 15})
    late = a_confirmed_order({bolts: 6})

    assert leaves(order) == [in_days(4)]
    assert leaves(late) == [None]


def test_without_supply_a_line_is_promised_for_the_lead_time_or_for_no_day(north):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    bought_within(bolts, 12)

    order = a_confirmed_order({bolts: 1, nuts: 1})

    assert leaves(order) == [in_days(12), None]
    assert sorted(row[0] for row in told(order)) == [[1], [1]]
    assert verify() == []


def test_an_order_that_ships_complete_has_one_day_for_all_lines(north):
    bolts, nuts = a_product("BOLT", on_hand=10, at=north), a_product("NUT")
    on_its_way(nuts, north, 10, in_days(5))

    order = a_confirmed_order({bolts: 1, nuts: 1}, customer=a_customer(shipping_policy="complete"))

    assert leaves(order) == [in_days(6), in_days(6)]


def test_what_the_terms_cancel_is_not_promised(north):
    bolts, nuts = a_product("BOLT", on_hand=10, at=north), a_product("NUT")

    order = a_confirmed_order({bolts: 20, nuts: 5}, customer=a_customer(shipping_policy="cancel_rest"))

    assert leaves(order) == [in_days(0), None]
    assert [row[0] for row in told(order)] == [[10]]
    assert verify() == []


def test_nothing_leaves_sooner_than_it_takes_to_be_there_on_the_day_requested(north):
    bolts = a_product("BOLT", on_hand=10, at=north)
    Warehouse.objects.filter(pk=north.pk).update(transit_days=2)
    wanted = in_days(30)

    order = a_confirmed_order({bolts: 1}, requested_on=wanted)

    line, site = order.lines.get(), the_site(north, destination_of(order))
    assert line.promised_on <= wanted
    assert line.ship_on == site.leaves_for(wanted)
    assert site.arrives_on(line.ship_on + timedelta(days=1)) > wanted


def test_a_day_requested_at_the_end_of_time_breaks_nothing(north):
    assert the_site(north).leaves_for(date.max).year == 9000


def test_a_promise_takes_from_later_orders_until_its_order_is_cancelled(north):
    bolts = a_product("BOLT")
    on_its_way(bolts, north, 10, in_days(3))
    first = a_confirmed_order({bolts: 10})
    assert leaves(a_confirmed_order({bolts: 10})) == [None]

    cancel_order(first.pk, by=None)

    assert leaves(a_confirmed_order({bolts: 1})) == [None]  # the second one waits for it now
    PurchaseOrderLine.objects.update(ordered=30, confirmed=30)
    assert leaves(a_confirmed_order({bolts: 5})) == [in_days(4)]


def test_serving_a_backorder_leaves_its_promise_as_it_was(north):
    bolts = a_product("BOLT")
    bought_within(bolts, 12)
    order = a_confirmed_order({bolts: 5})

    a_stock(bolts, 5, north)
    assert serve_backorders() == 1

    assert order.lines.get().allocated == 5
    assert leaves(order) == [in_days(12)]
    assert verify() == []


def test_rank_follows_the_day_promised_and_not_the_day_requested(north):
    bolts = a_product("BOLT")
    early, late = a_confirmed_order({bolts: 5}), a_confirmed_order({bolts: 5})
    for order, day in ((early, in_days(9)), (late, in_days(4))):
        line = order.lines.get()
        write_promises(order.pk, [Told(line.pk, 5, day, day)], by=None, cause=PromiseCause.RENEWED)
    a_stock(bolts, 5, north)
    serve_backorders()

    assert [order.lines.get().allocated for order in (early, late)] == [0, 5]


def test_days_are_written_by_the_ledger_only(north):
    order = a_confirmed_order({a_product("BOLT", on_hand=5, at=north): 5})

    with pytest.raises(IntegrityError, match="kept by its ledger"), transaction.atomic():
        order.lines.update(ship_on=june(1))
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        order.promises.update(note="x")


def test_a_promise_names_each_line_of_its_own_order_once(north):
    bolts = a_product("BOLT", on_hand=50, at=north)
    one, other = a_confirmed_order({bolts: 5}), a_confirmed_order({bolts: 5})
    mine, theirs = one.lines.get().pk, other.lines.get().pk

    for lines in ([theirs], [mine, mine], [mine, 987654321]):
        with pytest.raises(IntegrityError, match="each once"), transaction.atomic():
            write_promises(one.pk, [Told(line, 5) for line in lines], by=None)


def test_verify_tells_a_line_whose_day_nobody_promised(north):
    order = a_confirmed_order({a_product("BOLT", on_hand=5, at=north): 5})
    line = order.lines.get()

    with behind_its_back(f"UPDATE orders_orderline SET promised_on = promised_on + 1 WHERE id = {line.pk}"):
        assert [breach.where for breach in verify()] == [f"{order} line 1"]
    assert verify() == []
