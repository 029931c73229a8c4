"""Agreements as a file wants them: drafts with their lines, checked and written in sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from customers.agreed import problems_of
from customers.models import Agreement, AgreementLine, Customer
from customers.services.agreeing import Terms, draft_agreements
from customers.services.agreeing_undone import Drafted, seals_of
from customers.services.customers_there import customer_wanted, customers_by_code
from customers.services.units_there import UnitsThere, units_there
from customers.status import AgreementStatus
from inventory.models import Category
from oms.errors import Stale
from oms.importing.plans import Differences, Plan, State, Upsert, Values
from oms.importing.problems import Problems
from oms.importing.progress import told_of
from oms.models import Currency, User

TERMS = ("currency", "valid_to", "remind_on", "needs_approval")  # beside what an agreement is known by
QUANTITIES = ("committed", "maximum", "committed_value", "maximum_value")
FIELDS = ("agreement", "product", "category", "unit", "price", "percent", *QUANTITIES)
SHOWN = frozenset(FIELDS[4:])

Key = tuple[int, str, date]  # customer, name and first day
Reach = tuple[int | None, int | None]  # product, category; neither is everything


class WantedAgreed(Protocol):
    """A line with the head of its agreement, as a row wants them."""

    row: int
    customer: str
    name: str | None
    currency: str | None
    valid_from: date
    valid_to: date
    remind_on: date | None
    needs_approval: bool | None
    sku: str | None
    category: str | None
    unit: str | None
    price: Decimal | None
    percent: Decimal | None
    committed: int | None
    maximum: int | None
    committed_value: Decimal | None
    maximum_value: Decimal | None


@dataclass(slots=True)
class AgreementPlan(Plan):
    """What the rows change. New agreements stand by what they are known by until they are written."""

    drafts: dict[Key, Terms] = field(default_factory=dict)  # new ones
    changed: dict[Key, int] = field(default_factory=dict)  # drafts that are there, whose lines change
    lines: Upsert = field(default_factory=lambda: Upsert(AgreementLine, FIELDS, ()))


@dataclass(frozen=True, slots=True)
class _There:
    """What is in the database of what the rows name."""

    customers: Mapping[str, int]  # those the user may see
    currencies: Mapping[int, str]  # of the customers
    known_currencies: frozenset[str]
    units: UnitsThere
    categories: Mapping[str, int]
    agreements: Mapping[Key, Agreement]
    lines: Mapping[tuple[int, Reach], Values]  # id and fields, as FIELDS
    may_do_alone: bool


def check_agreements(wanted: Sequence[WantedAgreed], problems: Problems, *, by: User | None) -> AgreementPlan:
    """Return which agreements these rows draft, and which lines of drafts they change, noting what is wrong.

    A row states its line whole. What is no draft any more stays: a row that says anything else of it is a problem.
    Nothing is written.
    """
    there, plan = _look_up(wanted, by), AgreementPlan()
    heads: dict[Key, WantedAgreed] = {}
    seen: dict[tuple[Key, Reach], int] = {}
    for one in told_of("checking", wanted):
        line = _line(one, there, problems)
        customer = customer_wanted(one.row, one.customer, there.customers, problems)
        _require_period(one, problems)
        if line is None or customer is None or one.row in problems.bad_rows:
            continue
        key = (customer, one.name or "", one.valid_from)
        if not _take_head(one, key, heads.setdefault(key, one), there, plan, problems):
            continue
        first = seen.setdefault((key, (line[0], line[1])), one.row)
        if first != one.row:
            rule, remedy = _("has its line in row %(row)s already."), _("Keep one of the two rows.")
            problems.add(one.row, *_named(one), rule % {"row": first}, remedy)
            continue
        _plan_line(one, key, line, there, plan, problems)
    return plan


def _look_up(wanted: Sequence[WantedAgreed], by: User | None) -> _There:
    customers = customers_by_code((one.customer for one in wanted), by)
    mine = Customer.objects.filter(pk__any_of=customers.values()).order_by()
    known = Agreement.objects.filter(customer__any_of=customers.values())
    standing = known.exclude(status=AgreementStatus.DROPPED).order_by("pk")
    agreements = {(one.customer_id, one.name, one.valid_from): one for one in standing}
    lines = AgreementLine.objects.filter(agreement__any_of=[one.pk for one in agreements.values()]).order_by()
    return _There(
        customers,
        dict(mine.values_list("pk", "currency_id")),
        frozenset(Currency.objects.values_list("code", flat=True)),
        units_there((one.sku, one.unit) for one in wanted if one.sku),
        dict(
            Category.objects.filter(code__any_of={one.category for one in wanted if one.category})
            .order_by()
            .values_list("code", "pk")
        ),
        agreements,
        {(row[1], (row[2], row[3])): row for row in lines.values_list("pk", *FIELDS)},
        by is None or by.has_perm("customers.approve_agreement"),
    )


def _line(one: WantedAgreed, there: _There, problems: Problems) -> Values | None:
    """Return what a row says of its line, from its product on; None, noted, when that cannot be."""
    product, unit = _unit(one, there, problems) if one.sku else (None, None)
    category = there.categories.get(one.category) if one.category else None
    if one.category and category is None:
        rule, remedy = _("is not known."), _("Write a category's code, or leave it empty for everything.")
        problems.add(one.row, "category", one.category, rule, remedy)
    _require_fitting(one, problems)
    if one.row in problems.bad_rows:
        return None
    price, committed_value = one.price or Decimal(0), one.committed_value or Decimal(0)
    sold_in = unit if one.percent is None else None
    counted = (one.committed or 0, one.maximum, committed_value, one.maximum_value)
    return product, category, sold_in, price, one.percent, *counted


def _require_fitting(one: WantedAgreed, problems: Problems) -> None:
    """Note what a row says that does not go together, and a product without a price."""
    said = {"product": one.sku, "category": one.category, "percent": one.percent, "price": one.price or 0}
    unfit = problems_of({**said, **{name: getattr(one, name) for name in QUANTITIES}})
    if one.unit and (one.percent is not None or not one.sku):
        unfit.append(("unit", _("Only the price of a product is per unit; leave it empty.")))
    for name, remedy in unfit:
        rule = _("does not go with the rest of its row.")
        problems.add(one.row, name, getattr(one, name), rule, str(remedy))
    if one.sku and one.price is None and one.percent is None:
        rule, remedy = _("is needed for a product."), _("Write what a unit costs, or how many percent off.")
        problems.add(one.row, "price", "", rule, remedy)


def _unit(one: WantedAgreed, there: _There, problems: Problems) -> tuple[int | None, int | None]:
    return there.units.wanted(one.row, (one.sku or "", one.unit), problems) or (None, None)


def _require_period(one: WantedAgreed, problems: Problems) -> None:
    if one.valid_to is not None and one.valid_to <= one.valid_from:
        rule = _("is not after valid_from %(day)s.") % {"day": one.valid_from.isoformat()}
        problems.add(
            one.row, "valid_to", one.valid_to, rule, _("It is the first day the agreement no longer holds.")
        )


def _take_head(
    one: WantedAgreed,
    key: Key,
    head: WantedAgreed,
    there: _There,
    plan: AgreementPlan,
    problems: Problems,
) -> bool:
    """Take in the agreement of a row; return whether its line can be looked at."""
    if head is not one:
        return _says_the_same(one, head, problems) and (key in plan.drafts or key in there.agreements)
    if (known := there.agreements.get(key)) is not None:
        return _is_as_said(one, known, problems)
    currency = one.currency or there.currencies[key[0]]
    if currency not in there.known_currencies:
        remedy = _("Write one of: %(codes)s.") % {"codes": ", ".join(sorted(there.known_currencies))}
        problems.add(one.row, "currency", currency, _("is not a currency known here."), remedy)
        return False
    if one.needs_approval is False and not there.may_do_alone:
        rule, remedy = (
            _("may only be said by who approves agreements."),
            _("Leave it empty; somebody else approves it."),
        )
        problems.add(one.row, "needs_approval", _("no"), rule, remedy)
        return False
    plan.drafts[key] = Terms(
        key[0], currency, one.valid_from, one.valid_to, key[1], one.needs_approval is not False, one.remind_on
    )
    return True


def _says_the_same(one: WantedAgreed, head: WantedAgreed, problems: Problems) -> bool:
    """Note what a row says of its agreement that the first row of it says otherwise."""
    for name in TERMS:
        value = getattr(one, name)
        if value is not None and value != getattr(head, name):
            rule = _("differs from row %(row)s of the same agreement.") % {"row": head.row}
            remedy = _("Say it once, in the first row of the agreement, or give this one another name.")
            problems.add(one.row, name, value, rule, remedy)
    return one.row not in problems.bad_rows


def _is_as_said(one: WantedAgreed, known: Agreement, problems: Problems) -> bool:
    """Note what a row says of the head of an agreement that is there, and that is otherwise."""
    there = (known.currency_id, known.valid_to, known.remind_on, known.needs_approval)
    for name, stands in zip(TERMS, there, strict=True):
        value = getattr(one, name)
        if value is not None and value != stands:
            rule = _("is %(there)s in %(agreement)s.") % {"there": stands or "–", "agreement": known}
            problems.add(
                one.row, name, value, rule, _("Change it on its page, or give this one another name.")
            )
    return one.row not in problems.bad_rows


def _named(one: WantedAgreed) -> tuple[str, str]:
    """Return the column that names what a line is for, and what stands in it."""
    return ("category", one.category) if one.category else ("sku", one.sku or "")


def _plan_line(
    one: WantedAgreed, key: Key, line: Values, there: _There, plan: AgreementPlan, problems: Problems
) -> None:
    known = there.agreements.get(key)
    before = there.lines.get((known.pk, (line[0], line[1]))) if known else None
    state, fields = _compared(line, before)
    if known and known.status != AgreementStatus.DRAFT and state is not State.SAME:
        rule = _("is not so in %(agreement)s, which is %(status)s: its lines stay as they are.")
        told = {"agreement": known, "status": known.get_status_display()}
        problems.add(one.row, *_named(one), rule % told, _("Renew it, or give this one another name."))
        return
    if state is State.CHANGED and before is not None:
        plan.lines.ids.append(before[0])
        plan.lines.changed.append((key, *line))
    elif state is State.NEW:
        plan.lines.new.append((key, *line))
    if known and state is not State.SAME:
        plan.changed[key] = known.pk
    label = " ".join(part for part in (one.customer, key[1], _named(one)[1] or _("all products")) if part)
    plan.count(one.row, state, label, fields)


def _compared(line: Values, before: Values | None) -> tuple[State, Differences]:
    """Return whether a line is new, changed or the same, and what of it a preview shows."""
    if before is None:
        said = zip(FIELDS[1:], line, strict=True)
        return State.NEW, {name: (None, value) for name, value in said if name in SHOWN and value}
    rows = list(zip(FIELDS[1:], before[2:], line, strict=True))
    changed = any(old != new for _name, old, new in rows)
    fields = {name: (old, new) for name, old, new in rows if name in SHOWN and old != new}
    return (State.CHANGED if changed else State.SAME), fields


def save_agreements(plan: AgreementPlan, *, note: str, by: User | None) -> Drafted:
    """Write the plan: new drafts, and the lines of drafts. Return what undoing takes back.

    The caller is in a transaction and holds the kind's turn. Raise Stale when a draft is none any more.
    """
    drafts = Agreement.objects.locked().filter(pk__in=plan.changed.values(), status=AgreementStatus.DRAFT)
    if len(drafts) != len(plan.changed):
        raise Stale(_("Somebody took these agreements further meanwhile; check the file again."))
    made = draft_agreements(list(plan.drafts.values()), by=by) if plan.drafts else []
    plan.lines.write(agreement=plan.changed | dict(zip(plan.drafts, made, strict=True)))
    if plan.changed:
        Agreement.record_all(plan.changed.values(), "imported", by=by, note=note[:500])
    return Drafted(seals_of(made), sorted(one.number for one in drafts))
