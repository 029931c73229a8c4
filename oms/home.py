"""The home page: cards that the apps contribute, each shown to those it is for.

An app's `home.py` decorates functions with `contribute`; oms imports no app, it gathers what they declare.
A function runs the same number of statements however much work is waiting.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Generic, TypeVar

from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oms.gathering import gather
from oms.models import User

Words = str | Promise
MOST_ROWS = 5


class Tone(StrEnum):
    """How urgent a card is. The words say it too; a tone never stands alone."""

    CALM = "calm"
    DUE = "due"
    LATE = "late"


class Section(IntEnum):
    """Where on the page a card stands."""

    FIRST = 0
    MY_WORK = 1
    TEAM = 2
    WAREHOUSE = 3
    SUPPLY = 4
    SITE = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One thing behind a number: what it is, why it is there, where it is."""

    text: Words
    url: str = ""
    note: Words = ""
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class Card:
    """A number with its word, or a list of rows; `empty` is the sentence for nothing."""

    title: Words
    number: int | str | None = None
    word: Words = ""
    url: str = ""
    tone: Tone = Tone.CALM
    rows: tuple[Row, ...] = ()
    empty: Words = ""
    more: Words = ""
    big: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.rows and self.number in (0, None)


@dataclass(frozen=True, slots=True)
class Act:
    """Something to start from home, and the key that starts it."""

    title: Words
    url: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a new site needs, and whether it is there."""

    title: Words
    done: bool
    url: str


T = TypeVar("T")


@dataclass(slots=True)
class Contributions(Generic[T]):
    """What the apps declared of one kind, each behind the right it takes."""

    _made: list[tuple[int, str, Callable[..., Iterable[T]]]] = field(default_factory=list)

    def __call__(
        self, permission: str, order: int = 0
    ) -> Callable[[Callable[..., Iterable[T]]], Callable[..., Iterable[T]]]:
        """Return a decorator that declares a function for people with this right."""

        def declare(function: Callable[..., Iterable[T]]) -> Callable[..., Iterable[T]]:
            self._made.append((order, permission, function))
            return function

        return declare

    def to(self, user: User, *asked: Any) -> list[T]:
        """Return what all functions give this person, in order."""
        gather("home", "about", "setting_up")
        return [
            given
            for _order, permission, function in sorted(self._made, key=lambda made: made[0])
            if user.has_perm(permission)
            for given in function(user, *asked)
        ]


cards: Contributions[Card] = Contributions()  # (user) -> cards
acts: Contributions[Act] = Contributions()  # (user) -> things to start
steps: Contributions[Step] = Contributions()  # (user) -> steps of setting the site up
about_customer: Contributions[Card] = Contributions()  # (user, customer) -> cards beside a customer
about_price_version: Contributions[Card] = (
    Contributions()
)  # (user, version) -> what a version being made would mean
about_agreement: Contributions[Card] = Contributions()  # (user, agreement) -> cards beside an agreement


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Give the home page its cards, the things to start, and the steps still to take."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  the office is closed to strangers
    todo, found = steps.to(user), cards.to(user)
    return {
        **context,
        "title": _("Home"),
        "cards": found,
        "waiting": [card for card in found if card.big or not card.is_empty],
        "clear": [card for card in found if card.is_empty and not card.big],
        "acts": acts.to(user),
        "steps": todo if any(not step.done for step in todo) else [],
        "steps_done": sum(step.done for step in todo),
    }


def shown(rows: models.QuerySet[Any], row: Callable[[Any], Row]) -> tuple[Row, ...]:
    """Return the first few rows of a queryset as rows of a card, in one statement."""
    return tuple(row(found) for found in rows[:MOST_ROWS])
