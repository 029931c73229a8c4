"""The stock look-up and the card it leads to."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from inventory.models import Substitute
from inventory.projection import Demand, Supply, project
from oms.shown import short_day
from orders.charts import LEFT, RIGHT, TOP, WIDTH, step_chart
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_group,
    a_product,
    a_unit,
    a_user,
    a_warehouse,
    in_days,
)
from tests.promising.house import on_its_way, ships_on

FIND = "admin:inventory_stocklevel_find"
TODAY = date(2026, 6, 1)


@pytest.fixture
def north(db):
    a_company()
    return a_warehouse("NORD")


@pytest.fixture
def rep(client, north):
    rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
    client.force_login(rep)
    return rep


def find(client, text):
    return client.get(reverse(FIND), {"q": text})


def card(product):
    return reverse("admin:inventory_product_stock", args=[product.pk])


@pytest.mark.parametrize(
    "text", ["V-220", "v-220", " V-220 ", "4006381333931", "04006381333931", "brass valve"]
)
def test_a_sku_a_gtin_or_the_only_name_leads_to_the_card(client, rep, text):
    a_product("B-M8")
    valve = a_product("V-220")
    a_unit(valve, "BX", numerator=10, gtin="04006381333931")
    valve.name = "Valve 2 brass"
    valve.save()

    answer = find(client, text)

    assert (answer.status_code, answer.url) == (302, card(valve) + "?scan=1")


def test_a_sku_goes_before_others_that_begin_with_it(client, rep):
    valve, _longer = a_product("V-22"), a_product("V-220")

    assert find(client, "V-22").url == card(valve) + "?scan=1"


def test_several_are_listed(client, rep):
    a_product("V-220")
    a_product("V-221")
    a_product("B-M8")

    shown = find(client, "v-2")

    assert shown.status_code == 200
    assert "2 products" in shown.content.decode()
    assert "B-M8" not in shown.content.decode()


@pytest.mark.parametrize("slip", ["V-2200", "V-22O", "C-220", "V220"])
def test_an_unknown_code_shows_the_nearest_three(client, rep, slip):
    for sku in ("V-220", "V-221", "V-320", "B-M8-40", "N-M8"):
        a_product(sku)

    shown = find(client, slip)

    assert shown.status_code == 404
    near = [product.sku for product in shown.context["nearest"]]
    assert near[0] == "V-220"
    assert len(near) <= 3


def test_what_is_near_nothing_says_so(client, rep):
    a_product("V-220")

    assert "Nothing is near it either" in find(client, "ööö~~~").content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_nothing_typed_explains_itself(client, rep, text):
    shown = find(client, text)

    assert shown.status_code == 200
    assert "Scan a label" in shown.content.decode()


@pytest.mark.parametrize("text", ["%", "_", "'; --", "<script>", "\0", "9" * 500, "٣"])
def test_odd_text_is_only_text(client, rep, text):
    a_product("V-220")

    shown = find(client, text)

    assert shown.status_code in {200, 400, 404}
    assert "<script>" not in shown.content.decode().split("<main")[-1].split("Look up")[-1]


def test_the_card_tells_each_day_as_picture_and_table(client, rep, north):
    valve, other = a_product("V-220", on_hand=100, at=north), a_product("V-221", on_hand=7, at=north)
    Substitute.objects.create(product=valve, substitute=other)
    ships_on(a_confirmed_order({valve: 60}), in_days(3))
    on_its_way(valve, north, 40, in_days(7))

    shown = client.get(card(valve)).content.decode()

    rows = re.findall(r"<tr><th scope=\"row\">(\w+ \d+ \w+ \d+)</th>(.*?)</tr>", shown)
    table = [[int(n) for n in re.findall(r">(?:<b>)?(\d+)<", cells)] for _day, cells in rows]
    assert table == [[0, 0, 100, 40], [0, 60, 40, 40], [40, 0, 80, 80]]
    assert "<svg" in shown
    assert "40 can be promised today" in shown
    assert "V-221" in shown


def test_the_card_of_a_product_nobody_has_says_so(client, rep):
    shown = client.get(card(a_product("V-220"))).content.decode()

    assert "nothing is on its way and nothing is ordered" in shown
    assert "No substitute is known" in shown


def test_who_may_not_see_warehouses_is_told_so(client, north):
    client.force_login(a_user("inventory.view_product", "inventory.view_stocklevel", is_staff=True))

    assert (
        "the right to see warehouses"
        in client.get(card(a_product("V-220", on_hand=3, at=north))).content.decode()
    )


def drawn(*changes, usable=100):
    demands = [Demand(TODAY + timedelta(days=n), -q) for n, q in changes if q < 0]
    supplies = [Supply(TODAY + timedelta(days=n), q, True) for n, q in changes if q > 0]
    return step_chart(project(usable, supplies, demands, today=TODAY))


@pytest.fixture
def end_of_year(monkeypatch):
    """A chart that begins in one year and ends in the next, with changes as near to each other as days are told."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 29, 12, tzinfo=UTC))
    monkeypatch.setattr("tests.promising.test_stock_card.TODAY", date(2026, 12, 29))
    return drawn(*[(n, -1) for n in range(1, 99)])


def test_days_of_another_year_have_room_for_it(end_of_year):
    told = [(mark.at, short_day(mark.label)) for mark in end_of_year.days]

    assert told[0][1] == "29 Dec"
    assert all(re.fullmatch(r"\d+ \w{3} 2027", day) for _at, day in told[1:])
    assert all(right - left > 200 for (left, _), (right, _) in pairwise(told)), "“30 Jan 2027” on a phone"


def test_days_of_another_year_are_told_with_it(end_of_year):
    site = {"chart": end_of_year, "offer": {"site": {"code": "NORD"}, "promisable": 1}}
    shown = render_to_string("orders/_over_time.html", {"rows": {"sites": [site]}, "each": 1})

    assert [day[-4:] for day in re.findall(r'<text class="(?:is-last|is-first)?"[^>]*>([^<]+)<', shown)] == [
        " Dec", "2027", "2027",
    ]  # fmt: skip


def test_the_chart_steps_down_and_up_inside_its_box():
    chart = drawn((3, -60), (7, 40))

    assert chart.projected.startswith(f"M{LEFT} {TOP}H")
    assert chart.projected.count("V") == 2
    numbers = [int(n) for n in re.findall(r"\d+", chart.projected + chart.promisable)]
    assert max(numbers) <= WIDTH - RIGHT
    assert [mark.label for mark in chart.amounts] == ["0", "100"]


@pytest.mark.parametrize(
    ("usable", "changes"),
    [(0, []), (5, [(1, -9)]), (10**12, [(400, -(10**12))]), (1, [(n, -1) for n in range(99)])],
)
def test_the_chart_draws_anything(usable, changes):
    chart = drawn(*changes, usable=usable)

    assert chart.projected
    assert 2 <= len(chart.days) <= 6
    assert chart.zero <= chart.bottom
