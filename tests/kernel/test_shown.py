"""Numbers are shown as Django would show them, in whatever language."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import number_format
from hypothesis import given
from hypothesis import strategies as st

from oms import shown
from oms.shown import grouped

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


@pytest.fixture
def in_german_too(settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    shown.as_python.cache_clear()
    yield
    shown.as_python.cache_clear()


def test_a_language_that_writes_otherwise_is_followed(in_german_too):
    with translation.override("de"):
        assert grouped(Decimal("1234.50"), 2) == "1.234,50"
