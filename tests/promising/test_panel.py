"""The pad's availability panel: the same answer as the API, in the line's unit and at the customer's price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from inventory.models import Substitute, Warehouse
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_product,
    a_stock,
    a_unit,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.promising.house import bought_within, on_its_way


@pytest.fixture
def north(db):
    a_company()
    return a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59.999999")


@pytest.fixture
def rep(client, north):
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    client.force_login(rep)
    return rep


def url(document):
    kind = document._meta.model_name
    return reverse(f"admin:orders_{kind}_availability", args=[document.number])


def asked(client, document, line):
    answer = client.get(url(document), {"line": line.pk})
    assert answer.status_code == 200
    return answer.content.decode()


def choices(shown):
    return [(choice.key, choice.act, choice.value) for choice in shown.context["choices"]]


def an_order_of(rep, lines):
    return an_order(lines, by=rep, customer=a_customer(rep=rep))


def test_the_panel_shows_sites_supply_and_substitutes_with_the_customers_price(client, rep, north):
    valve, other = a_product("V-220"), a_product("V-221", on_hand=30, at=north, price="43.10")
    a_stock(valve, 12, north)
    a_stock(valve, 50, a_warehouse("SUED"))
    on_its_way(valve, north, 40, in_days(6))
    Substitute.objects.create(product=valve, substitute=other)
    order = an_order_of(rep, {valve: 20})

    shown = asked(client, order, order.lines.get())

    for word in ("V-220", "20 C62 asked for", "NORD", "SUED", "V-221", "43.10 EUR", "to NORD with PO-"):
        assert word in shown


def test_one_key_takes_what_is_there_swaps_or_takes_it_from_elsewhere(client, rep, north):
    valve, other = a_product("V-220", on_hand=12, at=north), a_product("V-221", on_hand=30, at=north)
    south = a_warehouse("SUED", working_days="1234567")
    a_stock(valve, 50, south)
    Substitute.objects.create(product=valve, substitute=other, numerator=1, denominator=2)
    order = an_order_of(rep, {valve: 20})

    shown = client.get(url(order), {"line": order.lines.get().pk})

    assert choices(shown) == [
        ("q", "quantity", "12 C62"),
        ("s", "swap", "V-221 10 C62"),
        ("o", "warehouse", str(south.pk)),
    ]


def test_a_line_that_can_leave_at_once_offers_only_the_swap(client, rep, north):
    valve = a_product("V-220", on_hand=50, at=north)
    a_stock(valve, 50, a_warehouse("SUED"))
    order = an_order_of(rep, {valve: 20})

    shown = client.get(url(order), {"line": order.lines.get().pk})

    assert choices(shown) == []
    assert "Nothing is known that could be sold instead" in shown.content.decode()


def test_parts_and_swaps_are_whole_packs(client, rep, north):
    valve, other = a_product("V-220", on_hand=30, at=north), a_product("V-221", on_hand=99, at=north)
    for product in (valve, other):
        product.units.update(is_default=False)
        a_price(product, 100, unit=a_unit(product, "BX", numerator=12, is_default=True))
    Substitute.objects.create(product=valve, substitute=other)
    order = an_order_of(rep, {valve: 48})

    shown = client.get(url(order), {"line": order.lines.get().pk})

    assert choices(shown)[:2] == [("q", "quantity", "2 BX"), ("s", "swap", "V-221 4 BX")]


def test_what_is_no_longer_sold_is_not_offered_instead(client, rep, north):
    valve = a_product("V-220", superseded_by=a_product("V-221", on_hand=9, at=north, status="blocked"))
    order = an_order_of(rep, {valve: 2})

    assert "V-221" not in asked(client, order, order.lines.get())


def test_a_purchase_and_an_unknown_day_are_told(client, rep, north):
    bought, never = a_product("B"), a_product("N")
    bought_within(bought, 9)
    order = an_order_of(rep, {bought: 2, never: 2})
    first, second = order.lines.order_by("position")

    assert "bought first" in asked(client, order, first)
    assert "nobody knows a day" in asked(client, order, second)


def test_an_earlier_line_takes_its_part_first(client, rep, north):
    valve = a_product("V-220", on_hand=12, at=north)
    order = an_order_of(rep, {valve: 10})
    quote = draft_quote(Header(order.customer_id), [a_line(valve, 10), a_line(valve, 4)], by=rep)
    second = quote.versions.get().lines.order_by("position")[1]

    shown = client.get(url(quote), {"line": second.pk})

    assert choices(shown) == [("q", "quantity", "2 C62")]


@pytest.mark.parametrize("line", ["", "x", "0", "-1", "٣", "9" * 30, "999999"])
def test_a_line_that_is_not_there_is_not_found(client, rep, north, line):
    order = an_order_of(rep, {a_product("V-220"): 2})

    assert client.get(url(order), {"line": line}).status_code == 404


def test_the_line_of_another_document_is_not_found(client, rep, north):
    valve = a_product("V-220")
    mine, other = an_order_of(rep, {valve: 2}), an_order({valve: 2})

    assert client.get(url(mine), {"line": other.lines.get().pk}).status_code == 404
    assert client.get(url(other), {"line": other.lines.get().pk}).status_code == 404


def test_rows_say_when_the_rest_comes(client, north):
    client.force_login(boss := a_boss())
    some, none, never = a_product("S", on_hand=12, at=north), a_product("N"), a_product("X")
    for product in (some, none):
        on_its_way(product, north, 40, in_days(6))
    order = an_order({some: 20, none: 5, never: 5}, by=boss)

    page = " ".join(
        client.get(reverse("admin:orders_order_pad", args=[order.number])).content.decode().split()
    )

    then = in_days(7)
    assert f"12 of 20 now, rest {then.day} {then:%b}" in page
    assert f"none now, {then.day} {then:%b}" in page
    assert "none now<" in page


def test_the_panel_costs_the_same_for_any_number_of_lines_and_substitutes(client, north):
    client.force_login(boss := a_boss())
    counts = []
    for n in (1, 30):
        valve = a_product(f"V-{n}", on_hand=5, at=north)
        for _substitute in range(n):
            Substitute.objects.create(product=valve, substitute=a_product())
        customer = a_customer()
        quote = draft_quote(Header(customer.pk), [a_line(valve, 1) for _line in range(n)], by=boss)
        last = quote.versions.get().lines.order_by("-position")[0]
        client.get(url(quote), {"line": last.pk})
        with CaptureQueriesContext(connection) as captured:
            asked(client, quote, last)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 22
    assert Warehouse.objects.count() == 1


def test_a_day_of_another_year_is_told_with_it_on_the_pad_and_in_the_panel(client, north, rep):
    far = in_days(600)
    bolts = a_product("BOLT", on_hand=3, at=north)
    on_its_way(bolts, north, 40, far)
    order = an_order_of(rep, {bolts: 10})

    panel = asked(client, order, order.lines.get())
    pad = client.get(reverse("admin:orders_order_pad", args=[order.number])).content.decode()

    told = date_format(far + timedelta(days=1), "j M Y")  # it is put away on the day it comes
    assert f"{date_format(far, 'D j M Y')}: 40" in panel
    assert f"7 on {told}" in panel
    assert f"rest {told}" in pad
