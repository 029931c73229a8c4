"""A whole draft is priced again: first as a plan that changes nothing, then as it was shown, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.finding import units_by_id
from oms.company import business_day
from oms.errors import Stale
from oms.models import User
from oms.rows import lock_row
from oms.sets import set_in_rows
from orders.models import Order, Quote
from orders.services.drafting import (
    Change,
    add_rest,
    after,
    count_up,
    require_current,
    require_draft,
    write_total_of,
)
from orders.services.pricing import Beside, PricedInput, as_columns, price_parts
from orders.services.sheets import OrderSheet, Sheet, buyer_of, sheet_of


@dataclass(frozen=True, slots=True)
class Repriced:
    """A line as it stands, and the parts it becomes: usually one, more where an agreement gives only some of it.

    `today` is its price by lists and agreements, also where the price that somebody typed or accepted is kept.
    """

    line: Any
    parts: Sequence[PricedInput]
    today: Decimal | None

    @property
    def new(self) -> PricedInput:
        return self.parts[0]

    @property
    def is_own(self) -> bool:
        """Whether no list made the price that the line has."""
        return bool(self.line.price_was_typed or self.line.price_was_quoted)

    @property
    def is_kept(self) -> bool:
        return bool({"typed", "quoted"} & self.new.trace.keys())

    @property
    def differs(self) -> bool:
        return len(self.parts) > 1 or self.line.unit_price != self.new.unit_price

    @property
    def amount(self) -> Decimal:
        """What it will come to, all parts together."""
        return sum((part.amount for part in self.parts), Decimal(0))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a draft would be at the prices of a day."""

    revision: int
    on: date
    lines: Sequence[Repriced]

    @property
    def changed(self) -> int:
        return sum(one.differs for one in self.lines)

    @property
    def seal(self) -> str:
        """What is another when anything that was shown is."""
        told = [
            (one.line.pk, [(part.ordered, str(part.unit_price)) for part in one.parts]) for one in self.lines
        ]
        return sha256(repr((self.revision, self.on, told)).encode()).hexdigest()


def plan_prices(sheet: Sheet, release: frozenset[int] = frozenset()) -> Plan:
    """Return what a draft would be at the prices of today. Nothing changes; a constant number of statements.

    Prices that somebody typed, or a customer accepted, stay; those of the lines named in `release` go.
    """
    document, day = sheet.document, _day_of(sheet)
    lines = list(sheet.lines.select_related("product", "unit").order_by("position"))
    if not lines:
        return Plan(document.revision, day, [])
    buyer, places = buyer_of(document, day), [line.position for line in lines]
    listed = [after(line, Change(line.pk, unit_price=None)) for line in lines]
    wanted = [
        freed if line.pk in release else after(line, Change(line.pk))
        for line, freed in zip(lines, listed, strict=True)
    ]
    asked = Beside(
        (), buyer.rules(line.product_id for line in lines), units_by_id(line.unit_id for line in lines)
    )
    priced = price_parts(buyer, wanted, positions=places, beside=asked)
    today = priced if wanted == listed else price_parts(buyer, listed, positions=places, beside=asked)
    return Plan(
        document.revision,
        day,
        [
            Repriced(line, parts, by_list[0].unit_price)
            for line, parts, by_list in zip(lines, priced, today, strict=True)
        ],
    )


def _day_of(sheet: Sheet) -> date:
    """Return the day a draft gets: today, or the day it is for, if that is still to come."""
    today = business_day()
    return max(today, sheet.document.ordered_on) if isinstance(sheet, OrderSheet) else today


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody saw and agrees to: the draft's revision, the plan by its seal, and whose own prices go."""

    revision: int
    seal: str
    release: frozenset[int] = frozenset()


@transaction.atomic
def price_order_again(order_id: int, shown: Shown, *, by: User) -> Plan:
    """Give a draft order the prices of today, as they were shown; it becomes an order of that day.

    Raise IllegalMove when it is no draft, Stale when anything would come out otherwise; then nothing has changed.
    """
    return _price_again(sheet_of(lock_row(Order, order_id, "customer", "currency")), shown, by=by)


@transaction.atomic
def price_quote_again(quote_id: int, shown: Shown, *, by: User) -> Plan:
    """Give the version of a quote that is being drafted the prices of today; else like `price_order_again`."""
    return _price_again(sheet_of(lock_row(Quote, quote_id, "customer", "currency")), shown, by=by)


def _price_again(sheet: Sheet, shown: Shown, *, by: User) -> Plan:
    document = sheet.document
    require_draft(document)
    require_current(document, shown.revision)
    plan = plan_prices(sheet, shown.release)
    if plan.seal != shown.seal:
        raise Stale(
            _("The prices of %(document)s would be others than were shown; look at them again.")
            % {"document": document}
        )
    write_prices(sheet, plan)
    count_up(document, by)
    document.record("priced again", by=by, note=prices_changed(plan))
    return plan


def prices_changed(plan: Plan) -> str:
    return ngettext("%(n)s price changed", "%(n)s prices changed", plan.changed) % {"n": plan.changed}


def write_prices(sheet: Sheet, plan: Plan) -> None:
    """Write a plan: each line's first part in its place, the others behind all lines, and what it all comes to.

    The caller holds the document.
    """
    if not plan.lines:
        return
    if isinstance(sheet, OrderSheet):
        sheet.write_header({"ordered_on": plan.on})
        sheet.document.ordered_on = plan.on
    first = [one.new for one in plan.lines]
    set_in_rows(sheet.lines.model, [one.line.pk for one in plan.lines], **as_columns(first))
    add_rest(sheet, [one.parts for one in plan.lines])
    write_total_of(sheet)
