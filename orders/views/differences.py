"""What differs between two moments of a document, as people read it: field, before, after, who and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model, prefetch_related_objects
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from inventory.templatetags.quantities import in_unit
from oms.models import Currency, User
from oms.templatetags.amounts import money, unit_price
from orders import differing
from orders.masking import hold_reason_for, may_see_cost, may_see_prices, step_reason_for
from orders.models import Decision
from orders.services.remembering import Then
from orders.services.retelling import Change, Told
from orders.views.ledger import in_runs

NOTHING = "\N{EN DASH}"
HEAD = (
    "status", "customer", "customer_po", "ship_to", "bill_to", "warehouse", "ordered_on", "requested_on", "valid_until",
    "version_number", "payment_terms", "note", "priority", "shipping_policy", "minimum_percent", "minimum_value",
    "most_shipments", "sourcing", "accepted_by", "outcome", "follow_up_on", "shipments_made",
)  # fmt: skip
TOTALS = ("discount_percent", "discount_amount", "discount", "charges", "tax", "total")
LINE = (
    "product",
    "note",
    "ordered",
    "warehouse",
    "ship_on",
    "promised_on",
    "cancelled",
    "allocated",
    "picked",
    "packed",
    "shipped",
)
PRICES = ("unit_price", "discount_percent", "amount")
COSTS = ("unit_cost",)
QUANTITIES = {"ordered", "cancelled", "allocated", "picked", "packed", "shipped"}
MONEY = {"discount_amount", "discount", "charges", "tax", "total", "amount", "minimum_value"}


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that was otherwise before; `told` is the moment it was changed last, None where nobody knows."""

    of: str
    what: str
    before: str
    after: str
    told: Told | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which currency, at which moment each column was changed last, and who decided each step."""

    user: User
    currency: Currency
    changes: Mapping[Change, Told]
    decisions: Mapping[int, Decision] = field(default_factory=dict)

    @property
    def line_columns(self) -> tuple[str, ...]:
        prices = PRICES if may_see_prices(self.user) else ()
        return (*LINE, *prices, *(COSTS if prices and may_see_cost(self.user) else ()))

    def told(self, what: str, row: Any, *columns: str) -> Told | None:
        """Return when one of the columns of a row was changed last, or the row came or went."""
        found = [self.changes.get((what, row.pk, column)) for column in (*columns, "")]
        return max(
            (one for one in found if one), key=lambda one: (one.moment.at, one.moment.pk), default=None
        )

    def said(self, row: Any, name: str) -> str:
        """Return the value of a column as people read it."""
        field: Any = row._meta.get_field(name)
        if field.is_relation:
            return str(getattr(row, name) or NOTHING)
        if field.choices:
            return str(getattr(row, f"get_{name}_display")()) or NOTHING
        value = getattr(row, name)
        if value in (None, ""):
            return NOTHING
        if name in QUANTITIES:
            return f"{in_unit(value, row.unit)} {row.unit.name}"
        return _written(name, value, self.currency)


def _written(name: str, value: Any, currency: Currency) -> str:
    if name in MONEY:
        return money(value, currency)
    if name in {"unit_price", "unit_cost"}:
        return unit_price(value, currency)
    if isinstance(value, Decimal):
        return number_format(value.normalize(), force_grouping=True)
    return str(date_format(value)) if isinstance(value, date) else str(value)


def differences(old: Then, new: Then, reader: Reader) -> list[Differs]:
    """Return what differs, the head first, then the lines in their order, holds and approvals last."""
    lines = [*old.lines, *new.lines]
    prefetch_related_objects(
        lines, "product", "unit", *(["warehouse"] if hasattr(new.document, "ordered_on") else [])
    )
    return [
        *_columns(reader, reader_word(new.document), "", old.document, new.document, HEAD),
        *(_totals(reader, old, new) if may_see_prices(reader.user) else ()),
        *_lines(reader, _pairs(old, new)),
        *_holds(reader, old.holds, new.holds),
        *_steps(reader, old.steps, new.steps),
        *_deciders(reader, old, new),
    ]


def reader_word(document: Model) -> str:
    """Return under which word changes of the head are kept."""
    return str(document._meta.model_name)


def _columns(
    reader: Reader, what: str, of: str, old: Any, new: Any, names: Sequence[str]
) -> Iterator[Differs]:
    known = {field.name for field in new._meta.concrete_fields}
    for name in (name for name in names if name in known):
        field: Any = new._meta.get_field(name)
        if getattr(old, field.attname) != getattr(new, field.attname) or _other_unit(name, old, new):
            told = reader.told(what, new, field.column, *(["unit_id"] if name == "ordered" else []))
            before, after = reader.said(old, name), reader.said(new, name)
            yield Differs(of, capfirst(str(field.verbose_name)), before, after, told)


def _other_unit(name: str, old: Any, new: Any) -> bool:
    return name == "ordered" and bool(old.unit_id != new.unit_id)


def _totals(reader: Reader, old: Then, new: Then) -> Iterator[Differs]:
    what = reader_word(new.document) if new.totalled is new.document else "version"
    return _columns(reader, what, "", old.totalled, new.totalled, TOTALS)


def _pairs(old: Then, new: Then) -> list[tuple[Any, Any]]:
    """Return the lines before and after. Those of another version of a quote are others, alike or not."""
    if old.totalled.pk != new.totalled.pk:
        return [(one.old, one.new) for one in differing.differences(old.lines, new.lines)]
    before = {line.pk: line for line in old.lines}
    after = {line.pk: line for line in new.lines}
    pairs = [(before.get(pk), after.get(pk)) for pk in before | after]
    return sorted(pairs, key=lambda pair: (pair[1] or pair[0]).position)


def _lines(reader: Reader, pairs: Sequence[tuple[Any, Any]]) -> list[Differs]:
    """Return what differs in lines; what became the same in several at one moment is told once."""
    alike: dict[Any, list[tuple[int, Differs]]] = {}
    for old, new in pairs:
        for one in _line(reader, old, new):
            key = one.what, one.before, one.after, one.told and one.told.moment.pk
            alike.setdefault(key, []).append(((new or old).position, one))
    return [
        found[0][1] if len(found) == 1 else replace(found[0][1], of=_of_all(place for place, _one in found))
        for found in alike.values()
    ]


def _of_all(positions: Iterable[int]) -> str:
    return _("Lines %(positions)s") % {"positions": in_runs(positions)}


def _line(reader: Reader, old: Any, new: Any) -> Iterator[Differs]:
    line = new or old
    of = _("Line %(n)s, %(sku)s") % {"n": line.position, "sku": line.product.sku}
    if old and new:
        yield from _columns(reader, "line", of, old, new, reader.line_columns)
        return
    whole, told = _whole(reader, line), reader.told("line", line)
    word = _("New line") if new else _("Line removed")
    yield Differs(of, word, NOTHING if new else whole, whole if new else NOTHING, told)


def _whole(reader: Reader, line: Any) -> str:
    quantity = reader.said(line, "ordered")
    if not may_see_prices(reader.user):
        return quantity
    return f"{quantity} × {reader.said(line, 'unit_price')}"


def _holds(reader: Reader, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Differs]:
    before = {hold.pk: hold for hold in old}
    for hold in new:
        was, now = _state(before.get(hold.pk)), _state(hold)
        if was != now:
            of = _("Hold, %(kind)s") % {"kind": hold.get_kind_display()}
            told = reader.told("hold", hold, "released_at")
            yield Differs(of, hold_reason_for(reader.user, hold), was, now, told)


def _state(hold: Any) -> str:
    if hold is None:
        return NOTHING
    return _("ended") if hold.released_at else _("open")


def _steps(reader: Reader, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Differs]:
    prefetch_related_objects(list(new), "rule", "approvers")
    before = {step.pk: step for step in old}
    for step in new if may_see_prices(reader.user) else ():
        was = before.get(step.pk)
        if was is None or was.status != step.status:
            of = _("Approval, %(who)s") % {"who": step.approvers}
            ends = str(was.get_status_display()) if was else NOTHING, str(step.get_status_display())
            yield Differs(of, step_reason_for(reader.user, step), *ends, _decided(reader, step))


def _decided(reader: Reader, step: Any) -> Told | None:
    """Return who decided on a step and why; while nobody has, when it was asked for."""
    decision = reader.decisions.get(step.pk)
    if decision is None:
        return reader.told("step", step, "status")
    return Told(decision, added_by=decision.by, reason=decision.reason)


def _deciders(reader: Reader, old: Then, new: Then) -> Iterator[Differs]:
    before, after = _who_decides(old), _who_decides(new)
    if before != after:
        rows = [*old.deciders, *new.deciders]
        told = [reader.told("decider", row) for row in rows] + [
            reader.told("version", new.totalled, "deciding")
        ]
        last = max((one for one in told if one), key=lambda one: (one.moment.at, one.moment.pk), default=None)
        yield Differs("", _("Who decides at the customer's"), before or NOTHING, after or NOTHING, last)


def _who_decides(then: Then) -> str:
    names = ", ".join(one.name for one in sorted(then.deciders, key=lambda one: one.position))
    return f"{then.totalled.get_deciding_display()}: {names}" if names else ""
