"""Prices as a file wants them: price lists, for whom they are, and their rules, checked and written in sets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from operator import itemgetter
from typing import Any, Protocol

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from customers.models import (
    Customer,
    CustomerGroup,
    PriceList,
    PriceListAssignment,
    PriceRule,
)
from customers.price_rules import USUAL_PRIORITY
from customers.services.units_there import UnitsThere, units_there
from customers.services.versions import versions_to_edit
from oms.importing.plans import Differences, Plan, State, Upsert, in_batches, of_all
from oms.importing.problems import Problems
from oms.importing.progress import told_of
from oms.models import Company, Currency, User

ALWAYS = date(2000, 1, 1)
EVERYONE = "everyone"
RULE_FIELDS = ("version", "product", "unit", "min_quantity", "price", "valid_from", "valid_to")

Party = tuple[int | None, int | None]  # customer, group; neither is everyone
Key = tuple[str, int, int]  # code of the price list, unit, break


class WantedPrice(Protocol):
    """A price as a row wants it; None leaves what is there, or is the default."""

    row: int
    price_list: str
    sku: str
    price: Decimal
    currency: str | None
    for_whom: str | None
    unit: str | None
    min_quantity: int | None
    valid_from: date | None
    valid_to: date | None


@dataclass(slots=True)
class PricePlan(Plan):
    """What the rows change. Price lists stand by their codes until they are written."""

    lists: dict[str, str] = field(default_factory=dict)  # new ones, with their currency
    versions: dict[str, int] = field(default_factory=dict)  # of the others, those that take changed prices
    assignments: dict[tuple[str, Party], None] = field(default_factory=dict)
    rules: Upsert = field(
        default_factory=lambda: Upsert(PriceRule, RULE_FIELDS, ("", 0, 0, 1, Decimal(0), ALWAYS, None))
    )


@dataclass
class _There:
    """What is in the database of what the rows name."""

    units: UnitsThere
    lists: dict[str, str]
    versions: dict[str, int]  # that take changed prices, by list
    currencies: frozenset[str]
    own_currency: str | None
    parties: dict[str, Party]
    assigned: set[tuple[str, Party]]
    rules: dict[Key, list[tuple[Any, ...]]]  # id and fields, as RULE_FIELDS


def check_prices(wanted: Sequence[WantedPrice], problems: Problems, *, by: User | None) -> PricePlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    there = _look_up(wanted, by)
    plan = PricePlan(versions=there.versions)
    spans: dict[Key, list[tuple[date, date | None, int]]] = {}
    for price in told_of("checking", wanted):
        states = [_plan_list(price, there, plan, problems)]
        unit = there.units.wanted(price.row, (price.sku, price.unit), problems)
        if unit is None or price.row in problems.bad_rows:
            continue
        key = (price.price_list, unit[1], price.min_quantity or 1)
        state, fields = _plan_rule(price, unit, key, there, plan, spans)
        states.append(state)
        plan.count(price.row, of_all(states[::-1]), f"{price.price_list} {price.sku}", fields)
    _require_apart(spans, there, problems)
    return plan


def _look_up(wanted: Sequence[WantedPrice], by: User | None) -> _There:
    units = units_there((price.sku, price.unit) for price in wanted)
    codes = {price.price_list for price in wanted}
    lists = PriceList.objects.filter(code__in=codes).order_by()
    versions = {v.price_list.code: v.pk for v in versions_to_edit(lists).values()}
    assigned = PriceListAssignment.objects.named_in_files().filter(price_list__code__in=codes).order_by()
    return _There(
        units,
        dict(lists.values_list("code", "currency_id")),
        versions,
        frozenset(Currency.objects.values_list("code", flat=True)),
        _own_currency(),
        _parties({word for price in wanted for word in words_of(price.for_whom)}, by),
        {
            (code, (customer, group))
            for code, customer, group in assigned.values_list("price_list__code", "customer_id", "group_id")
        },
        _rules_of(wanted, units, versions.values()),
    )


def _own_currency() -> str | None:
    return Company.objects.values_list("currency_id", flat=True).first()


def words_of(for_whom: str | None) -> list[str]:
    """Return the parties a cell names, such as `everyone` or `customer:C-100; group:RETAIL`."""
    return [word.strip() for word in (for_whom or "").split(";") if word.strip()]


def _parties(words: Iterable[str], by: User | None) -> dict[str, Party]:
    """Return who is meant by each word that names somebody the user may see; an old number means who was kept."""
    named = {word: [part.strip() for part in word.partition(":")[::2]] for word in words}
    codes = [code for kind, code in named.values() if kind.lower() == "customer"]
    seen = Customer.objects.all() if by is None else Customer.objects.visible_to(by)
    customers = dict(
        seen.filter(code__in=codes).order_by().values_list("code", Coalesce("merged_into_id", "pk"))
    )
    groups = dict(CustomerGroup.objects.order_by().values_list("code", "pk"))
    found: dict[str, Party] = {}
    for word, (kind, code) in named.items():
        if word.lower() == EVERYONE:
            found[word] = (None, None)
        elif kind.lower() == "customer" and code in customers:
            found[word] = (customers[code], None)
        elif kind.lower() == "group" and code in groups:
            found[word] = (None, groups[code])
    return found


def _rules_of(
    wanted: Sequence[WantedPrice],
    units: UnitsThere,
    versions: Iterable[int],
) -> dict[Key, list[tuple[Any, ...]]]:
    """Return the rules there are of these versions and units, by list, unit and break."""
    found: dict[Key, list[tuple[Any, ...]]] = {}
    own = PriceRule.objects.filter(version__in=list(versions), priority=USUAL_PRIORITY)
    named = {(price.sku, price.unit) for price in wanted} & units.ids.keys()
    ids = {units.ids[one][1] for one in named}
    for batch in in_batches(sorted(ids)):
        rows = own.filter(unit__any_of=batch).order_by()
        for row in rows.values_list(
            "pk",
            "version__price_list__code",
            "product_id",
            "unit_id",
            "min_quantity",
            "price",
            "valid_from",
            "valid_to",
        ):
            found.setdefault((row[1], row[3], row[4]), []).append(row)
    return found


def _plan_list(price: WantedPrice, there: _There, plan: PricePlan, problems: Problems) -> State:
    """Take in the list a row names: its currency, and for whom it is."""
    code, known = price.price_list, there.lists.get(price.price_list) or plan.lists.get(price.price_list)
    if known and price.currency not in (None, known):
        rule = _("is not the currency of %(list)s, which is in %(known)s.") % {"list": code, "known": known}
        problems.add(
            price.row, "currency", price.currency, rule, _("Use a list of its own for each currency.")
        )
        return State.SAME
    new = not known
    if new and not _begin_list(price, there, plan, problems):
        return State.SAME
    if code in there.lists and code not in there.versions:
        rule = _("changes its prices only with a second person.")
        problems.add(
            price.row, "price_list", code, rule, _("Draft a new version first; the file goes into it.")
        )
        return State.SAME
    added = False
    for word in words_of(price.for_whom):
        party = there.parties.get(word)
        if party is None:
            rule, remedy = _("is nobody we know."), _("Write everyone, customer:CODE or group:CODE.")
            problems.add(price.row, "for_whom", word, rule, remedy)
        elif (code, party) not in there.assigned and (code, party) not in plan.assignments:
            plan.assignments[code, party] = None
            added = True
    return State.CHANGED if new or added else State.SAME


def _begin_list(price: WantedPrice, there: _There, plan: PricePlan, problems: Problems) -> bool:
    """Note a new list; it needs a known currency and somebody it is for."""
    currency = price.currency or there.own_currency
    if currency not in there.currencies:
        remedy = _("Write one of: %(codes)s.") % {"codes": ", ".join(sorted(there.currencies))}
        problems.add(price.row, "currency", currency, _("is not a currency known here."), remedy)
        return False
    if not words_of(price.for_whom):
        rule = _("is needed: price list %(list)s is new.") % {"list": price.price_list}
        problems.add(price.row, "for_whom", "", rule, _("Write everyone, customer:CODE or group:CODE."))
        return False
    plan.lists[price.price_list] = str(currency)
    return True


def _plan_rule(
    price: WantedPrice,
    unit: tuple[int, int],
    key: Key,
    there: _There,
    plan: PricePlan,
    spans: dict[Key, list[tuple[date, date | None, int]]],
) -> tuple[State, Differences]:
    """Take in a rule; one that begins on the same day is changed, any other is new."""
    begins = price.valid_from or ALWAYS
    before = next((row for row in there.rules.get(key, ()) if row[6] == begins), None)
    wanted = (price.price_list, unit[0], unit[1], key[2], price.price, begins, price.valid_to)
    until = price.valid_to or (before[7] if before else None)
    spans.setdefault(key, []).append((begins, until, price.row))
    last = before or max(
        (row for row in there.rules.get(key, ()) if row[6] < begins), key=itemgetter(6), default=None
    )
    if last is not None:
        plan.compare(price.row, f"{price.price_list} {price.sku}", last[5], price.price)
    state, fields = plan.rules.want(wanted, before)
    return state, {
        name: pair for name, pair in fields.items() if name in {"min_quantity", "price", "valid_to"}
    }


def _require_apart(
    spans: Mapping[Key, list[tuple[date, date | None, int]]], there: _There, problems: Problems
) -> None:
    """Note the prices of one break that are valid on the same day, be both in the file or one in the house."""
    for key, of_file in spans.items():
        begun = {begins for begins, _until, _row in of_file}
        house = [(row[6], row[7], 0) for row in there.rules.get(key, ()) if row[6] not in begun]
        if len(of_file) + len(house) > 1:
            _require_in_turn(key, sorted([*of_file, *house], key=lambda span: (span[0], span[2])), problems)
    for begins, until, row in _ending_early(spans):
        rule = _("is not after valid_from %(day)s.") % {"day": begins.isoformat()}
        problems.add(row, "valid_to", until, rule, _("It is the first day the price no longer holds."))


def _ending_early(
    spans: Mapping[Key, list[tuple[date, date | None, int]]],
) -> Iterable[tuple[date, date, int]]:
    for of_file in spans.values():
        for begins, until, row in of_file:
            if until is not None and until <= begins:
                yield begins, until, row


def _require_in_turn(key: Key, spans: Sequence[tuple[date, date | None, int]], problems: Problems) -> None:
    for one, next_ in pairwise(spans):
        if one[1] is not None and one[1] <= next_[0] and one[0] != next_[0]:
            continue
        row, other = (next_, one) if next_[2] else (one, next_)
        period = f"[{other[0]}, {other[1] or '…'})"
        if other[2]:
            rule = _("overlaps the price in row %(row)s, valid %(period)s.") % {
                "row": other[2],
                "period": period,
            }
        else:
            rule = _("overlaps the price of %(list)s that is valid %(period)s.") % {
                "list": key[0],
                "period": period,
            }
        remedy = _("End the earlier price first: its row again, with the day this one begins as valid_to.")
        problems.add(row[2], "valid_from", row[0], rule, remedy)
