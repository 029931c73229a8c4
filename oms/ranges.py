"""Ranges for EXCLUDE constraints: ids as ranges of one point, so that gist compares them without an extension."""

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.contrib.postgres.fields.ranges import BigIntegerRangeField
from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce


def point(field: str) -> Func:
    """Return the range that holds just the id in `field`, so that gist compares it without an extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def point_or_all(field: str) -> Func:
    """Like `point`; rows without an id stand for all and meet each other at 0."""
    known = Coalesce(F(field), Value(0))
    return Func(known, known, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


def days(since: str, until: str) -> Func:
    """Return the half-open range of days between two columns; without an end it goes on."""
    return Func(since, until, RangeBoundary(), function="daterange", output_field=DateRangeField())
