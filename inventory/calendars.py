"""Working days: weekdays, public holidays, extra closing days, and the hour until which a day's goods leave."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})
LONGEST_CLOSURE = 400  # days; nobody is shut for longer and still asked


@lru_cache(maxsize=256)
def _holidays_of(country: str, subdivision: str) -> holidays.HolidayBase | None:
    if not knows_country(country):
        return None
    return holidays.country_holidays(
        country, subdiv=subdivision if knows_subdivision(country, subdivision) else None
    )


@lru_cache(maxsize=1)
def _countries() -> dict[str, list[str]]:
    return holidays.list_supported_countries()


def knows_country(country: str) -> bool:
    """Whether the public holidays of the country (ISO 3166, two letters) are known."""
    return country in _countries()


def knows_subdivision(country: str, subdivision: str) -> bool:
    """Whether this part of the country has public holidays of its own that are known."""
    return subdivision in _countries().get(country, [])


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: ISO weekdays (Monday is 1), but no public holidays and no days of `closed`.

    The holidays of an unknown country are none; those of an unknown part are those of the whole country.
    """

    weekdays: Set[int] = MONDAY_TO_FRIDAY
    country: str = ""
    subdivision: str = ""
    closed: Set[date] = frozenset()

    def is_open(self, day: date) -> bool:
        if day.isoweekday() not in self.weekdays or day in self.closed:
            return False
        known = _holidays_of(self.country, self.subdivision)
        return known is None or day not in known

    def first_open(self, day: date) -> date:
        """Return the day itself or the next open one; after a year and more without one, give up there."""
        for _day in range(LONGEST_CLOSURE):
            if self.is_open(day):
                return day
            day += ONE_DAY
        return day

    def days_off(self, day: date, count: int) -> list[date]:
        """Return the next days, this one included, that are closed though their weekday is worked."""
        coming = (day + timedelta(days=n) for n in range(LONGEST_CLOSURE))
        off = (one for one in coming if one.isoweekday() in self.weekdays and not self.is_open(one))
        return list(islice(off, count))

    def after(self, day: date, days: int) -> date:
        """Return the open day that comes `days` open days after this one; for 0 the day itself."""
        for _day in range(days):
            day = self.first_open(day + ONE_DAY)
        return day


def day_in(zone: str, moment: datetime) -> date:
    """Return the date there at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def first_ship_day(calendar: Calendar, *, zone: str, cut_off: time, now: datetime) -> date:
    """Return the first day on which goods can still leave: today until the cut-off, else the next open day.

    Compared as moments, so the hour that autumn repeats does not open the day again. A cut-off that spring
    leaves out comes as long after midnight as on other days.
    """
    today = day_in(zone, now)
    missed = now >= datetime.combine(today, cut_off, tzinfo=ZoneInfo(zone))
    return calendar.first_open(today + ONE_DAY if missed else today)


def delivery_day(ship_on: date, *, transit_days: int, carrier: Calendar, receiver: Calendar) -> date:
    """Return the day of arrival: so many of the carrier's days on the way, then the receiver's next open day."""
    return receiver.first_open(carrier.after(ship_on, transit_days))
