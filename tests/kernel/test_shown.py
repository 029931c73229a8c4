"""Numbers are shown as Django would show them, in whatever language; days without the year that it is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import number_format
from hypothesis import given
from hypothesis import strategies as st

from oms.shown import grouped, short_day

NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15),
    st.decimals(-(10**12), 10**12, places=4),
    st.sampled_from([Decimal(0), Decimal("0.00"), Decimal("1E+3"), Decimal("-0.5"), Decimal("1234567.8900")]),
)


@given(NUMBERS)
def test_a_number_is_shown_as_django_shows_it(number):
    with translation.override("en"):
        assert grouped(number) == number_format(number, force_grouping=True)


@given(st.decimals(-(10**9), 10**9, places=2), st.integers(2, 6))
def test_so_it_is_with_decimals(number, decimals):
    with translation.override("en"):
        assert grouped(number, decimals) == number_format(number, decimals, force_grouping=True)


def test_nothing_is_not_negative():
    assert grouped(Decimal("-0.00"), 2) == "0.00"


@given(NUMBERS, st.sampled_from([code for code, _name in settings.LANGUAGES]))
def test_every_language_is_followed(number, code):
    with translation.override(code):
        assert grouped(number) == number_format(number, force_grouping=True)


def test_a_language_that_writes_otherwise_does_not_change_the_next_page():
    with translation.override("de"):
        assert grouped(Decimal("1234.50"), 2) == "1.234,50"
    assert grouped(Decimal("1234.50"), 2) == "1,234.50"


@pytest.mark.parametrize(
    ("day", "told", "with_weekday"),
    [
        (date(2026, 12, 3), "3 Dec", "Thu 3 Dec"),
        (date(2026, 1, 1), "1 Jan", "Thu 1 Jan"),
        (date(2027, 1, 1), "1 Jan 2027", "Fri 1 Jan 2027"),
        (date(2025, 12, 31), "31 Dec 2025", "Wed 31 Dec 2025"),
        (date.max, "31 Dec 9999", "Fri 31 Dec 9999"),
        (None, "", ""),
    ],
)
def test_a_day_has_its_year_unless_it_is_this_one(monkeypatch, day, told, with_weekday):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 29, 12, tzinfo=UTC))

    assert (short_day(day), short_day(day, "D")) == (told, with_weekday)


def test_this_year_is_the_one_where_the_reader_is(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 31, 23, 30, tzinfo=UTC))

    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert (short_day(date(2027, 1, 2)), short_day(date(2026, 12, 31))) == ("2 Jan", "31 Dec 2026")
