"""Orders and quotes as they were at a moment of their past, through the REST interface."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.demo.clock import tell_the_database
from orders.models import Order
from orders.services.capturing import Header
from orders.services.confirming import confirm_order
from orders.services.deciding import Person, set_deciders
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.holding import hold_order, let_go_on
from orders.services.quoting import draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import Deciding
from tests.api.machine import Machine
from tests.builders import (
    a_charge_kind,
    a_customer,
    a_line,
    a_product,
    a_stock,
    a_user,
    an_order,
    many_products,
)

BEGAN = timezone.now() - timedelta(days=3)


def later(minutes):
    """Let what follows happen so many minutes after the beginning."""
    tell_the_database((BEGAN + timedelta(minutes=minutes)).isoformat())


def at(minutes):
    return (BEGAN + timedelta(minutes=minutes)).isoformat()


@pytest.fixture
def order(machine, house):
    """Entered at 0 with 5 bolts, 7 of them and freight at 10, held at 20, confirmed at 30."""
    by, bolts = machine.user, a_product("BOLT", price=10)
    a_stock(bolts, 100, house)
    later(0)
    order = an_order({bolts: 5, a_product("NUT", price=2): 4}, by=by)
    Order.objects.filter(pk=order.pk).update(created_at=BEGAN)
    later(10)
    change = [Change(order.lines.get(position=1).pk, ordered=7)]
    header = HeaderChange(customer_po="PO-77", charges={a_charge_kind("FREIGHT").pk: Decimal(3)})
    edit_order(order.pk, Edit(0, change=change, header=header), by=by)
    later(20)
    hold_order(order.pk, by=by, reason="credit is asked")
    later(30)
    let_go_on(order.pk, by=by)
    submit_order(order.pk, by=by)
    confirm_order(order.pk, by=by)
    return order


def past(machine, order, moment, **extra):
    return machine.get(f"v1/orders/{order.number}/", {"as_of": moment, **extra})


def test_an_order_is_told_as_it_was(machine, order):
    first, changed, held, now = (past(machine, order, at(minutes)).json() for minutes in (5, 15, 25, 35))

    assert [one["status"] for one in (first, changed, held, now)] == ["draft", "draft", "draft", "confirmed"]
    assert [one["total"] for one in (first, changed)] == ["58.00", "81.00"]
    assert [one["customer_po"] for one in (first, changed)] == ["", "PO-77"]
    assert [one["lines"][0]["quantities"]["ordered"] for one in (first, changed)] == ["5", "7"]
    assert [len(one["charged"]) for one in (first, changed)] == [0, 1]
    assert [hold["reason"] for one in (first, held, now) for hold in one["holds"]] == ["credit is asked"]
    assert [one["lines"][0]["base_quantities"]["allocated"] for one in (held, now)] == [0, 7]
    assert first["as_of"].startswith(BEGAN.strftime("%Y-%m-%dT%H:%M:%S"))


def test_the_past_of_now_is_what_is_told_now(machine, order):
    today = machine.get(f"v1/orders/{order.number}/").json()
    then = past(machine, order, timezone.now().isoformat()).json()

    del today["shipments"], then["as_of"]
    assert then == today


@pytest.mark.parametrize(
    ("moment", "status", "says"),
    [
        ("2999-01-01T00:00:00Z", 400, "has not come yet"),
        ("yesterday", 400, "is no moment with its zone"),
        ("2026-02-31T10:00:00Z", 400, "is no moment with its zone"),
        ("2026-02-03", 400, "is no moment with its zone"),
        ("2026-02-03T10:00:00", 400, "is no moment with its zone"),
        ("0001-01-01T00:00:00Z", 400, "is no moment with its zone"),
        ("0001-01-01T00:00:00+23:59", 400, "is no moment with its zone"),
        ("9999-12-31T23:59:59-23:59", 400, "is no moment with its zone"),
        ("1901-01-01T00:00:00+23:59", 400, "is no moment with its zone"),
        ("1901-01-02T00:00:00+23:59", 404, "before that there was nothing"),
        ("2026-01-01T00:00:00-16:00", 404, "before that there was nothing"),
        ("before it was entered", 404, "before that there was nothing"),
    ],
)
def test_for_other_moments_there_is_a_sentence(machine, order, moment, status, says):
    answer = past(machine, order, at(-5) if moment == "before it was entered" else moment)

    assert answer.status_code == status
    told = answer.json()
    assert says in (told["errors"][0]["detail"] if status == 400 else told["detail"])
    assert told["code"] == ("bad_parameters" if status == 400 else "not_remembered")


def test_a_moment_is_asked_for_only_where_one_is_read(machine, order):
    assert machine.get("v1/orders/", {"as_of": at(5)}).status_code == 400
    assert machine.post(f"v1/orders/{order.number}/cancel/?as_of=2026-01-01T00:00:00Z").status_code == 400
    assert Order.objects.get().status == "confirmed"
    assert past(machine, order, at(5), limit="1").status_code == 400


def test_who_does_not_see_an_order_does_not_see_its_past(order):
    stranger = Machine(a_user("orders.view_order"))

    assert past(stranger, order, at(5)).json()["code"] == "not_found"


def test_the_warehouse_sees_no_prices_and_nothing_before_the_confirmation(house, order):
    picker = a_user("orders.view_order", "orders.view_warehouse_orders")
    house.members.add(picker)

    before, after = past(Machine(picker), order, at(15)), past(Machine(picker), order, at(31))

    assert (before.status_code, before.json()["code"]) == (404, "not_remembered")
    assert "was not confirmed yet" in before.json()["detail"]
    assert [line["base_quantities"]["ordered"] for line in after.json()["lines"]] == [7, 4]
    assert {line["unit_price"] for line in after.json()["lines"]} == {None}
    assert (after.json()["total"], after.json()["charged"][0]["amount"]) == (None, None)


def test_holds_of_the_past_take_the_right_to_see_holds(order):
    reader = Machine(a_user("orders.view_order", "orders.view_quote", "customers.view_all_customers"))

    assert past(reader, order, at(25)).json()["holds"] == []


def test_a_quote_is_told_with_the_version_that_was_in_force(machine):
    by, bolts = machine.user, a_product("BOLT", price=10)
    later(0)
    quote = draft_quote(Header(a_customer(code="KERN").pk), [a_line(bolts, 3)], by=by)
    later(10)
    set_deciders(quote.pk, Deciding.ALL, [Person("M. Kern"), Person("B. Roth")], by=by)
    later(20)
    send_quote(quote.pk, by=by)
    later(30)
    revise_quote(quote.pk, by=by)
    line = quote.versions.get(number=2).lines.get()
    edit_quote(quote.pk, Edit(0, change=[Change(line.pk, ordered=4)]), by=by)
    type(quote).objects.filter(pk=quote.pk).update(created_at=BEGAN)

    def told(minutes):
        return machine.get(f"v1/quotes/{quote.number}/", {"as_of": at(minutes)}).json()

    drafted, named, sent, revised = told(5), told(15), told(25), told(35)
    today = machine.get(f"v1/quotes/{quote.number}/").json()
    assert [one["version"] for one in (drafted, sent, revised)] == [1, 1, 2]
    assert [one["total"] for one in (sent, revised)] == ["30.00", "40.00"]
    assert [one["lines"][0]["quantity"] for one in (sent, revised)] == ["3", "4"]
    assert [one["deciders"] for one in (drafted, named)] == [[], [{"name": "M. Kern"}, {"name": "B. Roth"}]]
    assert (named["sent_at"], bool(sent["sent_at"]), revised["sent_at"]) == (None, True, None)
    del revised["as_of"]
    assert revised == today
    (listed,) = machine.get("v1/quotes/", {"customer": "KERN", "status": "draft"}).json()["results"]
    assert listed == {name: today[name] for name in listed}


def test_a_past_costs_the_same_however_many_lines_it_had(machine):
    products, counted = many_products(40), []
    for n in (2, 40):
        later(0)
        order = an_order(dict.fromkeys(products[:n], 3), by=machine.user)
        quote = draft_quote(
            Header(a_customer().pk), [a_line(one, 3) for one in products[:n]], by=machine.user
        )
        later(1)
        change = [Change(line.pk, ordered=9) for line in order.lines.all()]
        edit_order(order.pk, Edit(0, change=change), by=machine.user)
        machine.get("v1/nothing/")
        for path in (f"v1/orders/{order.number}/", f"v1/quotes/{quote.number}/"):
            with CaptureQueriesContext(connection) as statements:
                answer = machine.get(path, {"as_of": timezone.now().isoformat()})
            assert len(answer.json()["lines"]) == n
            counted.append(len(statements))

    assert counted[:2] == counted[2:]
