"""Which day it is: the company's, whatever zone the process or a page happens to be in.

At every moment one of the two zones has another date than UTC, so a date taken from the wrong zone fails here at
any hour of the day.
"""

from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from inventory.models import Supplier
from inventory.services.receiving import Delivery, receive_purchase_order
from inventory.services.suppliers_answers import redate_purchase_lines
from oms.company import business_day
from orders.services.watching import watch_promises
from tests.builders import a_boss, a_company, a_confirmed_order, a_product, a_warehouse
from tests.promising.house import bought_within, on_its_way

pytestmark = pytest.mark.django_db
FIRST, LAST = "Pacific/Kiritimati", "Etc/GMT+12"  # where a day begins first and last


@pytest.fixture(params=[FIRST, LAST])
def zone(request):
    a_company(zone=request.param)
    return request.param


@pytest.fixture
def site(zone):
    return a_warehouse(
        "FAR", zone=zone, working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0
    )


@pytest.fixture
def today(zone):
    return timezone.now().astimezone(ZoneInfo(zone)).date()


def days(count):
    return timedelta(days=count)


def test_today_is_the_companys_under_any_active_zone(today):
    for active in (FIRST, LAST, "UTC"):
        with timezone.override(active):
            assert business_day() == today


def test_an_order_is_promised_from_the_day_at_its_site(site, today):
    bolts = a_product("BOLT", on_hand=5, at=site)
    nuts = a_product("NUT")
    bought_within(nuts, 6)

    order = a_confirmed_order({bolts: 5, nuts: 1})

    assert [line.ship_on for line in order.lines.order_by("pk")] == [today, today + days(6)]


def test_supply_is_late_from_the_companys_midnight_on(site, today):
    bolts = a_product("BOLT")
    line = on_its_way(bolts, site, 10, today)
    a_confirmed_order({bolts: 10})
    Supplier.objects.update(learned_delay_days=6)
    assert watch_promises() == 0

    type(line).objects.update(expected_on=today - days(1), confirmed_on=today - days(1))

    assert watch_promises() == 1


def test_goods_come_and_are_awaited_on_days_of_the_company(site, today):
    line = on_its_way(a_product("BOLT"), site, 10, today + days(3))

    redate_purchase_lines(line.purchase_order_id, {line.pk: today}, by=None, reason="sooner")
    receive_purchase_order(line.purchase_order_id, {line.pk: 4}, by=a_boss(), delivery=Delivery(on=today))

    line.refresh_from_db()
    assert (line.received, line.in_time) == (4, 4)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-28T22:59:59+00:00", "2026-03-28"),  # 23:59:59 in Berlin, the night before clocks go forward
        ("2026-03-28T23:00:00+00:00", "2026-03-29"),
        ("2026-03-29T21:59:59+00:00", "2026-03-29"),  # that day has 23 hours
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-25T22:59:59+00:00", "2026-10-25"),  # and this one 25
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
    ],
)
def test_the_day_turns_at_the_companys_midnight_when_clocks_change(moment, day):
    a_company(zone="Europe/Berlin")

    with patch("oms.company.timezone.now", return_value=datetime.fromisoformat(moment)):
        assert business_day().isoformat() == day
