"""A year passes in seconds: while the demo is told, services and new rows live at the moment the story has reached.

No guard is touched: rows of ledgers are born with the moment of their story, none is changed afterwards. Triggers that
ask for the moment are told it by a setting of the transaction.
"""

import heapq
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection, models
from django.db.models.functions import Now
from django.db.models.signals import post_init
from django.utils import timezone

SATURDAY = 5
HAPPENING = ("inventory", "customers", "orders", "fulfillment")
REAL_NOW = timezone.now

T = TypeVar("T")
Story = Generator[datetime, None, T]  # yields the moment at which it goes on, returns what came of it


@dataclass
class Clock:
    """What time it is in the demo. Moments that have not come yet are told as just now."""

    today: date
    zone: ZoneInfo
    moment: datetime = field(default_factory=REAL_NOW)
    tell: Callable[[str], None] = lambda _moment: None  # whoever else has to know; see `living_by`

    def now(self) -> datetime:
        return self.moment

    def reach(self, moment: datetime) -> None:
        self.moment = min(moment, REAL_NOW())

    def day(self, days_ago: int) -> date:
        """Return the working day that many days ago, or the one before it."""
        day = self.today - timedelta(days=days_ago)
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day(days_ago), time(hour, minute), self.zone)

    def in_minutes(self, minutes: int) -> datetime:
        return self.moment + timedelta(minutes=minutes)

    def next_day(self, hour: int, minute: int = 0, *, days: int = 1) -> datetime:
        """Return a time of day on the first working day from so many days on."""
        day = self.moment.astimezone(self.zone).date() + timedelta(days=days)
        if day.weekday() >= SATURDAY:
            day += timedelta(days=7 - day.weekday())
        return datetime.combine(day, time(hour, minute), self.zone)


def play(clock: Clock, stories: Iterable[Story[Any]]) -> None:
    """Tell all stories at once, each step at its moment, so that numbers and ledgers follow the calendar."""
    agenda = [(next(story), n, story) for n, story in enumerate(stories)]
    heapq.heapify(agenda)
    while agenda:
        moment, n, story = heapq.heappop(agenda)
        clock.reach(moment)
        clock.tell(clock.moment.isoformat())
        with suppress(StopIteration):
            heapq.heappush(agenda, (max(moment, next(story)), n, story))


def tell_the_database(moment: str) -> None:
    """Let what triggers keep be of this moment until the transaction ends; of the real one when it is empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('oms.told_at', %s, true)", [moment])


@contextmanager
def living_by(clock: Clock) -> Iterator[None]:
    """Let services ask this clock, and give new rows its moment where they would take the real one."""

    def is_born(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
        if instance.pk is None:
            for name in moments[sender]:
                setattr(instance, name, clock.moment)

    moments = {model: names for model in happening() if (names := moments_of(model))}
    for model in moments:
        post_init.connect(is_born, sender=model, weak=False)
    clock.tell = tell_the_database
    try:
        with patch.object(timezone, "now", clock.now):
            yield
    finally:
        clock.tell("")
        for model in moments:
            post_init.disconnect(is_born, sender=model)


def happening() -> list[type[models.Model]]:
    return [model for label in HAPPENING for model in apps.get_app_config(label).get_models()]


def moments_of(model: type[models.Model]) -> list[str]:
    """Return the names of the fields that a new row fills with the present moment."""
    return [
        f.name
        for f in model._meta.concrete_fields
        if f.default is REAL_NOW or isinstance(getattr(f, "db_default", None), Now)
    ]
