"""Call-offs in days and numbers: when they are wanted, and how far one is. No database here."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from inventory.calendars import Calendar
from orders.status import CallOffStatus, Interval

WEEK = timedelta(days=7)
WEEKS = {Interval.WEEKLY: WEEK, Interval.FORTNIGHTLY: 2 * WEEK}


def days_of(first: date, interval: Interval, count: int, calendar: Calendar) -> list[date]:
    """Return so many days from the first on, each the next one on which somebody is there to receive."""
    return [calendar.first_open(day) for day in islice(_days(first, interval), count)]


def _days(first: date, interval: Interval) -> Iterator[date]:
    month = first.replace(day=1)
    day = first
    while True:
        yield day
        if interval in WEEKS:
            day += WEEKS[interval]
            continue
        month = (month + timedelta(days=31)).replace(day=1)
        day = _same_day(month, first) if interval == Interval.MONTHLY else _same_weekday(month, first)


def _same_day(month: date, first: date) -> date:
    """Return the day of a month with the number of the first one, or the month's last."""
    return month.replace(day=min(first.day, monthrange(month.year, month.month)[1]))


def _same_weekday(month: date, first: date) -> date:
    """Return the first, second, third, fourth or last such weekday of a month, as the first one is in its own."""
    begins = month + timedelta(days=(first.weekday() - month.weekday()) % 7)
    day = begins + (first.day - 1) // 7 * WEEK
    return day if day.month == month.month else day - WEEK


class Progress(NamedTuple):
    """How far a call-off is, in base units: wanted, in orders and not cancelled, drawn by those, shipped."""

    quantity: int
    ordered: int = 0
    drawn: int = 0
    shipped: int = 0
    skipped: bool = False

    @property
    def open(self) -> int:
        """What is still to be called off; what an order that was cancelled gave back is open again."""
        return 0 if self.skipped else max(0, self.quantity - self.ordered)

    @property
    def claims(self) -> int:
        """What it will still draw from the agreement."""
        return max(0, self.ordered + self.open - self.drawn)

    @property
    def status(self) -> CallOffStatus:
        if not self.ordered:
            return CallOffStatus.SKIPPED if self.skipped else CallOffStatus.PLANNED
        if self.shipped >= self.ordered and not self.open:
            return CallOffStatus.SHIPPED
        return CallOffStatus.PARTLY_SHIPPED if self.shipped else CallOffStatus.ORDERED
