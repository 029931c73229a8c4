"""Who changed a document at each moment of its past, and what they did. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from oms.models import User
from orders.models import Order, OrderMoved, Promise
from orders.models.past import BEFORES
from orders.services.remembering import PARTS, Document, moments_of

BUCKETS = ("allocated", "picked", "packed", "shipped")
DAYS = ("ship_on", "promised_on")
OF_THE_CUSTOMER = {"accepted", "declined", "countered", "consented"}  # where nobody of ours did it
Change = tuple[str, int, str]  # what, the key of its row, the column; no column for a row that came or went


@dataclass(slots=True)
class Told:
    """A moment: what the history says of it, who edited a draft then, what was promised, whether units moved.

    What is never changed is told with its own moment, `added_by` somebody of ours or of the customer's.
    """

    moment: Any
    events: list[Any] = field(default_factory=list)
    edited_by: User | None = None
    promises: list[Promise] = field(default_factory=list)
    moved: bool = False
    added_by: User | str | None = None
    reason: str = ""

    @property
    def by(self) -> list[User | str]:
        """Those who did it, each once; nobody when the house did it by itself."""
        seen = *(event.by for event in self.events), self.edited_by, *(one.by for one in self.promises)
        customer = any(event.by is None and event.kind in OF_THE_CUSTOMER for event in self.events)
        people: list[User | str | None] = [*seen, self.added_by, _("the customer") if customer else None]
        return list(dict.fromkeys(person for person in people if person is not None))

    @property
    def why(self) -> list[str]:
        """What they wrote beside it, each once."""
        notes = [*(event.note for event in self.events), *(one.note for one in self.promises), self.reason]
        return list(dict.fromkeys(note for note in notes if note))


def moments_told(document: Document) -> list[Told]:
    """Return all moments of a document, the oldest first, in a constant number of statements."""
    told = [Told(moment) for moment in moments_of(document)]
    heads, promised = _kept(document)
    _tell_history(document, told, heads)
    _tell_edits(document, told, heads)
    if isinstance(document, Order):
        _tell_ledgers(document, told, promised)
    return told


def _kept(document: Document) -> tuple[dict[int, dict[str, Any]], dict[int, list[int]]]:
    """Return how the head was before each moment that changed it, and which promises came at which moment."""
    head = PARTS[type(document)]["document"].what
    kept = BEFORES[type(document)].objects.filter(moment__document=document.pk, what__in=[head, "promise"])
    heads: dict[int, dict[str, Any]] = {}
    promised: dict[int, list[int]] = {}
    for moment, what, was, came in kept.order_by("pk").values_list("moment_id", "what", "was", "came"):
        if what == head:
            heads[moment] = {**was.get(str(document.pk), {}), **heads.get(moment, {})}
        else:
            promised.setdefault(moment, []).extend(came)
    return heads, promised


def _tell_history(document: Document, told: Sequence[Told], heads: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each event to the moment that counted the document's version up to it."""
    events = list(document.events.select_related("by").order_by("version"))
    for one in reversed(told):
        before = 0 if one.moment.begins else heads.get(one.moment.pk, {}).get("version")
        if before is not None:
            one.events = [event for event in events if event.version > before]
            events = [event for event in events if event.version <= before]


def _tell_edits(document: Document, told: Sequence[Told], heads: Mapping[int, Mapping[str, Any]]) -> None:
    """Say who edited the draft at each moment that counted its revision up."""
    after: dict[int, int | None] = {}
    person = document.edited_by_id
    for one in reversed(told):
        head = heads.get(one.moment.pk, {})
        if "revision" in head:
            after[one.moment.pk] = person
        person = head.get("edited_by_id", person)
    people = User.objects.in_bulk([pk for pk in set(after.values()) if pk])
    for one in told:
        one.edited_by = people.get(after.get(one.moment.pk) or 0)


def _tell_ledgers(order: Order, told: Sequence[Told], promised: Mapping[int, Sequence[int]]) -> None:
    promises = {one.pk: one for one in order.promises.select_related("by")}
    moved = set(OrderMoved.objects.filter(moment__document=order).values_list("moment_id", flat=True))
    for one in told:
        one.promises = [promises[pk] for pk in promised.get(one.moment.pk, ()) if pk in promises]
        one.moved = one.moment.pk in moved


def last_changes(document: Document, told: Sequence[Told]) -> dict[Change, Told]:
    """Return at which of these moments each column of each row was changed last."""
    places = {one.moment.pk: one for one in told}
    kept = BEFORES[type(document)].objects.filter(moment__in=places).order_by("pk")
    found = {
        change: places[moment]
        for moment, what, was, came in kept.values_list("moment_id", "what", "was", "came")
        for change in _changes(what, was, came)
    }
    if isinstance(document, Order):
        for moved in OrderMoved.objects.filter(moment__in=places).order_by("pk"):
            found |= dict.fromkeys(_buckets(moved), places[moved.moment_id])
        for one in told:
            lines = (line for promise in one.promises for line in promise.lines)
            found |= {("line", line, day): one for line in lines for day in DAYS}
    return found


def _changes(what: str, was: Mapping[str, Mapping[str, Any]], came: Iterable[int]) -> Iterator[Change]:
    yield from ((what, pk, "") for pk in came)
    for key, columns in was.items():
        went = "id" in columns  # of a row that went all of it is kept, and no key ever changes
        yield from ((what, int(key), column) for column in (["", *columns] if went else columns))


def _buckets(moved: OrderMoved) -> Iterator[Change]:
    names = [name for name in BUCKETS if getattr(moved, name)]
    yield from (("line", line, name) for line in moved.lines for name in names)
