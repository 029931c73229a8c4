"""One search over everything with a number, a code or a name, within what a person may see.

An app's `search.py` declares with `can_be_found` what there is to find and by what; oms imports no app, it gathers
what they declare. One statement asks every way at once, each by its own index; one more per kind fetches what is
shown. So the number of statements does not grow with the tables.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorExact
from django.db.models import F, OrderBy, Q, QuerySet, Value
from django.db.models.functions import Upper
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from oms.gathering import gather
from oms.models import User
from oms.typed import Typed

Words = str | Promise
MOST = 6  # by one way, and of one kind
MOST_NEAR = 1000  # looked through for those one may see
SHORTEST_PREFIX = 2
NEWEST = (
    F("pk") + 0
).desc()  # sorted: walking the primary key back until something matches may be a long way


@dataclass(frozen=True, slots=True)
class Find:
    """Something that was found: its name, what it is, where it is."""

    title: str
    what: Words
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    """How rows are found: by an equal code, or by what is near it.

    `ask` returns the condition for what was typed, or nothing when that cannot be meant. `order` names the column by
    whose index the first of many near rows are taken, before it is asked who may see them.
    """

    word: Words
    ask: Callable[[Typed], Q | None]
    exact: bool = True
    order: Any = None

    def among(self, rows: QuerySet[Any], asked: Q) -> QuerySet[Any]:
        if self.order is None:
            return rows.filter(asked)
        first = rows.model._default_manager.filter(asked).order_by(ByPattern(self.order))
        return rows.filter(pk__in=first.values("pk")[:MOST_NEAR])


class ByPattern(OrderBy):
    """Sorted as `text_pattern_ops` indexes are, so that such an index gives the first few at once."""

    template = "%(expression)s USING ~<~ /* ASC */"  # Django takes the direction off to compare columns


def numbered(prefix: str) -> tuple[Way, Way]:
    """Return the ways to a document by its number: whole, then by how it begins."""

    def begins(typed: Typed) -> Q | None:
        number = typed.number(prefix)
        return Q(number__startswith=number) if len(number) >= len(prefix) + 1 + SHORTEST_PREFIX else None

    def equals(typed: Typed) -> Q | None:
        return Q(number=typed.number(prefix)) if typed.number(prefix) else None

    return Way(_("number"), equals), Way(_("number"), begins, exact=False, order=F("number"))


def coded(word: Words, field: str, *, shortest: int = SHORTEST_PREFIX) -> tuple[Way, Way]:
    """Return the ways by a code in whatever case: whole, then by how it begins. Its index is on `Upper(field)`."""
    present = ~Q(**{field: ""})

    def equals(typed: Typed) -> Q:
        return Q(**{f"{field}__iexact": typed.text}) & present

    def begins(typed: Typed) -> Q | None:
        return Q(**{f"{field}__istartswith": typed.text}) & present if len(typed.text) >= shortest else None

    return Way(word, equals), Way(word, begins, exact=False, order=Upper(field))


def worded(word: Words, field: str) -> Way:
    """Return the way by words of a name, or how they begin. Its index is on the `simple` search vector."""

    def contains(typed: Typed) -> Q | None:
        query = SearchQuery(typed.words, search_type="raw", config="simple")
        return Q(SearchVectorExact(SearchVector(field, config="simple"), query)) if typed.words else None

    return Way(word, contains, exact=False)


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of thing that can be found, by whoever has the right and sees the row."""

    name: Words
    permission: str
    visible_to: Callable[[User], QuerySet[Any]]
    ways: tuple[Way, ...]
    shown: Callable[[Any], Find]
    joined: tuple[str, ...] = ()
    first: Any = NEWEST

    def questions(self, user: User, typed: Typed) -> Iterator["Question"]:
        for way in self.ways:
            asked = way.ask(typed)
            if asked is not None:
                yield Question(self, way, way.among(self.visible_to(user), asked).order_by(self.first))

    def hits(self, user: User, ways: dict[Any, Way]) -> Iterator["Hit"]:
        """Yield what is shown of the rows with these keys, in this order; one statement."""
        rows = self.visible_to(user).select_related(*self.joined).in_bulk(list(ways)[:MOST])
        for pk, way in ways.items():
            if pk in rows:
                yield Hit(self.shown(rows[pk]), self.name, way.word, way.exact)


@dataclass(frozen=True, slots=True)
class Question:
    """A way of a kind, and the rows it leads to."""

    kind: Kind
    way: Way
    rows: QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A row that was found, by the best way that led to it."""

    find: Find
    kind: Words
    by: Words
    exact: bool


_kinds: list[tuple[int, Kind]] = []


def can_be_found(kind: Kind, order: int = 0) -> None:
    """Declare something that the search finds; `order` says where it stands among the others."""
    _kinds.append((order, kind))


def kinds() -> list[Kind]:
    """Return everything that can be found, in the order in which it is shown."""
    gather("search")
    return [kind for _order, kind in sorted(_kinds, key=lambda one: one[0])]


def search_for(user: User, typed: Typed) -> list[Hit]:
    """Return what a person may see of what they typed: exact hits first, then by kind."""
    asked = questions(user, typed)
    found: dict[Kind, dict[Any, Way]] = {}
    for n, pk in sorted(answers(asked), key=lambda row: not asked[row[0]].way.exact) if asked else ():
        found.setdefault(asked[n].kind, {}).setdefault(pk, asked[n].way)
    hits = [hit for kind in kinds() if kind in found for hit in kind.hits(user, found[kind])]
    return sorted(hits, key=lambda hit: not hit.exact)


def questions(user: User, typed: Typed) -> list[Question]:
    """Return every way in which this person may ask for what they typed."""
    allowed = [kind for kind in kinds() if user.has_perm(kind.permission)]
    return [question for kind in allowed for question in kind.questions(user, typed)] if typed else []


def answers(asked: Sequence[Question]) -> QuerySet[Any]:
    """Return the one query of all questions: the number of each question, and the key of a row it leads to."""
    first, *others = [
        question.rows.annotate(question=Value(n)).values_list("question", "pk")[:MOST]
        for n, question in enumerate(asked)
    ]
    together: QuerySet[Any] = first.union(*others, all=True)
    return together


def only_exact(hits: Iterable[Hit]) -> Hit | None:
    """Return the one thing that goes by exactly what was typed, if there is just one."""
    exact = [hit for hit in hits if hit.exact]
    return exact[0] if len(exact) == 1 else None
