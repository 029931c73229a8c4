"""A quantity that is not sold is refused wherever it is entered, with the nearest two; what stands may stand."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.errors import NotOrderable
from oms.errors import Incomplete
from orders.models import Order, Quote
from orders.services.capturing import Header, enter_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.quoting import draft_quote
from orders.services.submitting import submit_order
from tests.builders import a_boss, a_customer, a_line, a_product, a_unit, a_user, a_warehouse, an_order
from tests.pad.sending import add, change, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    return a_warehouse("MAIN")


@pytest.fixture
def boss(client):
    boss = a_boss()
    client.force_login(boss)
    return boss


@pytest.fixture
def rep():
    return a_user("orders.override_price")


def sold(sku="V-220", **terms):
    """A product whose base unit is sold on these terms."""
    product = a_product(sku)
    product.units.update(**terms)
    return product


def test_an_order_is_not_entered_with_a_quantity_that_is_not_sold(rep):
    valve, customer = sold(multiple=6), a_customer()
    said = r"Line 2: 7 C62 of V-220: sold in multiples of 6; order 6 or 12 C62\."

    with pytest.raises(NotOrderable, match=said):
        an_order({a_product("A"): 7, valve: 7}, customer)
    with pytest.raises(NotOrderable, match=said):
        draft_quote(Header(customer.pk), [a_line(a_product("B"), 1), a_line(valve, 7)], by=rep)

    assert not Order.objects.exists()
    assert not Quote.objects.exists()


def test_a_draft_takes_no_new_quantity_that_is_not_sold_and_changes_nothing(rep):
    valve = sold(minimum=10)
    order = an_order({valve: 10}, by=rep)
    line = order.lines.get()

    with pytest.raises(NotOrderable, match="9 C62 of V-220: sold from 10 on; order 10 C62"):
        edit_order(order.pk, Edit(0, change=[Change(line.pk, ordered=9)]), by=rep)
    with pytest.raises(NotOrderable, match="sold from 10 on"):
        edit_order(order.pk, Edit(0, add=[a_line(valve, 1)], remove=frozenset({line.pk})), by=rep)

    order.refresh_from_db()
    assert (order.revision, order.lines.get().ordered) == (0, 10)


def test_another_unit_brings_its_own_terms(rep):
    product = a_product("A")
    box = a_unit(product, "BX", numerator=12, minimum=3)
    order = an_order({product: 24}, by=rep)

    with pytest.raises(NotOrderable, match="2 BX of A: sold from 3 on; order 3 BX"):
        edit_order(order.pk, Edit(0, change=[Change(order.lines.get().pk, unit_id=box.pk)]), by=rep)


def test_a_line_that_stands_may_get_another_price_after_the_terms_were_tightened(rep):
    valve = a_product("V-220")
    order = an_order({valve: 7}, by=rep)
    valve.units.update(multiple=6)
    line = order.lines.get()

    edit_order(order.pk, Edit(0, change=[Change(line.pk, unit_price=Decimal(3), ordered=7)]), by=rep)

    assert order.lines.get().unit_price == 3


def test_submitting_asks_for_every_line_and_names_the_nearest_two(rep):
    valve, nut, cable = a_product("V-220"), a_product("NUT"), a_product("CABLE")
    order = an_order({valve: 7, nut: 2, cable: 5}, by=rep)
    valve.units.update(multiple=6)
    nut.units.update(minimum=10)

    with pytest.raises(Incomplete) as refusal:
        submit_order(order.pk, by=rep)

    assert [(p.where, p.what) for p in refusal.value.problems] == [
        ("Line 1, V-220", "7 C62: sold in multiples of 6; order 6 or 12."),
        ("Line 2, NUT", "2 C62: sold from 10 on; order 10."),
    ]
    order.refresh_from_db()
    assert order.status == "draft"


def test_the_pad_names_the_nearest_two_for_each_line_and_cell(client, boss):
    sold(multiple=6)
    a_unit(a_product("WIRE"), "MTR", numerator=1000, minimum=5, name="metre")
    order = an_order({a_product("A"): 1})
    order.lines.get().product.units.update(minimum=3)

    answer = send(
        client,
        order,
        add("V-220 7"),
        add("WIRE 4.5 MTR"),
        add("WIRE 5.0005 MTR"),
        change(order.lines.get(), "quantity", "2"),
        add("V-220"),
    )

    assert answer.status_code == 422
    assert answer.json()["problems"] == {
        "0": "7 C62 of V-220: sold in multiples of 6; order 6 or 12 C62.",
        "1": "4.5 metre of WIRE: sold from 5 on; order 5 metre.",
        "2": "5.0005 metre of WIRE: cannot be counted exactly; order 5 or 5.001 metre.",
        "3": "2 C62 of A: sold from 3 on; order 3 C62.",
        "4": "1 C62 of V-220: sold in multiples of 6; order 6 C62.",
    }
    assert order.lines.count() == 1


def test_the_pad_takes_a_part_of_a_metre(client, boss):
    a_unit(a_product("WIRE"), "MTR", numerator=1000, minimum=5)
    order = an_order({a_product("A"): 1})

    assert send(client, order, add("WIRE 5.25 MTR")).status_code == 200

    assert order.lines.last().ordered == 5250


def test_entering_asks_for_the_terms_without_a_further_statement():
    free = [a_line(a_product(), 4) for _ in range(5)]
    bound = [a_line(sold(f"S{n}", multiple=2, minimum=4), 4) for n in range(5)]
    header = Header(a_customer().pk)
    enter_order(header, free, by=None)
    counts = []
    for lines in (free, bound, bound[:1]):
        with CaptureQueriesContext(connection) as statements:
            enter_order(header, lines, by=None)
        counts.append(len(statements))

    assert counts == [counts[0]] * 3
