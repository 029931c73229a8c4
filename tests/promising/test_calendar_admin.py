"""The office sets when a warehouse works, how long goods travel, and what may be sold instead."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from inventory.models import ClosingDay, Substitute, TransitTime, Warehouse
from tests.builders import a_boss, a_company, a_group, a_product, a_user, a_warehouse


@pytest.fixture
def north(db):
    a_company()
    return a_warehouse("NORD", country="DE", subdivision="HH", working_days="123456")


def sent(warehouse, **values):
    same = {
        "code": warehouse.code, "name": warehouse.name, "country": "DE", "subdivision": "HH", "zone": "Europe/Berlin",
        "ship_cut_off": "15:00", "working_days": ["5", "1"], "put_away_days": "1", "transit_days": "2",
    }  # fmt: skip
    counts = {
        f"{rows}-{count}": 1 if count == "TOTAL_FORMS" else 0
        for rows in ("closing_days", "transit_times")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    inlines = {
        "closing_days-0-day": "2026-12-24", "closing_days-0-note": "stock-taking",
        "transit_times-0-country": "AT", "transit_times-0-days": "3",
    }  # fmt: skip
    return {**same, **counts, **inlines, **values}


def change(client, warehouse, **values):
    page = reverse("admin:inventory_warehouse_change", args=[warehouse.pk])
    return client.post(page, sent(warehouse, **values))


def test_a_supervisor_ticks_weekdays_and_adds_closing_days_and_transit_times(client, north):
    client.force_login(a_user(groups=[a_group("Warehouse supervisor")], is_staff=True))

    assert change(client, north).status_code == 302

    north.refresh_from_db()
    assert (north.working_days, north.put_away_days) == ("15", 1)
    assert [str(row) for row in (ClosingDay.objects.get(), TransitTime.objects.get())] == [
        "NORD 2026-12-24",
        "NORD AT",
    ]


def test_the_page_shows_the_weekdays_ticked_and_the_next_days_off(client, north):
    client.force_login(a_boss())

    shown = client.get(reverse("admin:inventory_warehouse_change", args=[north.pk])).content.decode()

    assert shown.count("checked") >= 6
    assert "25 Dec" in shown


@pytest.mark.parametrize(
    "wrong",
    [{"working_days": []}, {"working_days": ["8"]}, {"subdivision": "ZZ"}, {"country": "", "subdivision": "HH"},
     {"transit_times-0-country": "de"}, {"transit_times-0-days": "-1"},
     {"transit_times-0-days": "91"}, {"put_away_days": "91"}, {"transit_days": "9999"},
     {"closing_days-0-day": "2026-02-30"}],
)  # fmt: skip
def test_what_no_calendar_can_be_is_refused_on_the_page(client, north, wrong):
    client.force_login(a_boss())

    assert change(client, north, **wrong).status_code == 200
    assert Warehouse.objects.get().working_days == "123456"


@pytest.mark.parametrize("days", ["", "8", "21", "11", "1x", "12345\n"])
def test_the_database_refuses_other_weekdays(north, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        Warehouse.objects.update(working_days=days)


def test_a_part_of_another_country_is_refused(north):
    north.country = "AT"

    with pytest.raises(ValidationError, match="HH in AT"):
        north.clean()


@pytest.mark.parametrize("values", [{"numerator": 0}, {"denominator": 0}, {"itself": True}])
def test_the_database_refuses_what_is_no_substitute(north, values):
    bolts, nuts = a_product("BOLT"), a_product("NUT")
    substitute = bolts if values.pop("itself", False) else nuts

    with pytest.raises(IntegrityError), transaction.atomic():
        Substitute.objects.create(product=bolts, substitute=substitute, **values)
