"""The prices of today for a whole draft: what would be another, line by line and why, before it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from customers.masking import may_see_cost, trace_for
from customers.services.unit_names import Names, units_told
from customers.telling import Write, in_currency, steps, with_units_named
from oms.contention import again_after_ties
from oms.errors import IllegalMove, Refused
from oms.models import User
from oms.money import HUNDRED, round_half_up
from oms.rates import own_rates, rate_on
from orders.services.drafting import require_draft
from orders.services.pricing_again import (
    Plan,
    Repriced,
    Shown,
    plan_prices,
    price_order_again,
    price_quote_again,
    prices_changed,
)
from orders.services.sheets import Sheet, sheet_of
from orders.views.kinds import ORDERS, Kind, StaffRequest
from orders.views.rows import Costing, costing_for, margin_percent


class Sold(NamedTuple):
    """What a margin is reckoned from, before a discount on the whole document."""

    net: Decimal
    tax_percent: Decimal | None
    unit_cost: Decimal
    wanted: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line that becomes another, or could: prices, why each is what it is, and margins for those who may see them.

    Why it `was` what it is stays empty where the price only changed in its list.
    """

    one: Repriced
    was: str
    why: list[str]
    old_margin: Decimal | None
    new_margin: Decimal | None

    @property
    def more(self) -> Decimal:
        return Decimal(self.one.amount - self.one.line.amount)

    @property
    def percent(self) -> Decimal | None:
        """How much more or less one unit costs, to a tenth; None where there is no one price before and after."""
        before, after = self.one.line.unit_price, self.one.new.unit_price
        if len(self.one.parts) > 1 or not before or not after or before == after:
            return None
        return round_half_up((after - before) * HUNDRED / before, 1)

    @property
    def could_change(self) -> bool:
        """Whether the line has a price of its own that is not today's."""
        return self.one.is_own and self.one.line.unit_price != self.one.today


def prices(request: StaffRequest, kind: Kind, number: str, context: dict[str, Any]) -> HttpResponse:
    """Show what the prices of today would change in a draft; once they are agreed to, change it."""
    document = kind.find(request, number)
    kind.require(request, "change")
    try:
        require_draft(document)
    except IllegalMove as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(kind.url("change", document.pk))
    release = _ids(request.POST.getlist("release"))
    agreed = request.method == "POST" and "again" not in request.POST
    if agreed and _done(request, kind, document.pk, release):
        return HttpResponseRedirect(kind.url("change", document.pk))
    sheet = sheet_of(kind.find(request, number))
    plan = plan_prices(sheet, release)
    context |= {
        "kind": kind,
        "document": sheet.document,
        "title": _("Prices of today for %(document)s") % {"document": document},
        "page_url": kind.url("change", document.pk),
        "plan": plan,
        "release": release,
        **_shown(sheet, plan, request.user),
    }
    return TemplateResponse(request, "orders/prices.html", context)


def _ids(values: Iterable[str]) -> frozenset[int]:
    return frozenset(int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 19)


def _done(request: StaffRequest, kind: Kind, pk: int, release: frozenset[int]) -> bool:
    """Change the prices as they were shown; when they would be others say so, and let the page show those."""
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    change = price_order_again if kind is ORDERS else price_quote_again
    shown = Shown(seen, request.POST.get("seal", ""), release)
    try:
        plan = again_after_ties(partial(change, pk, shown, by=request.user))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, f"{prices_changed(plan)}.")
    return True


def _shown(sheet: Sheet, plan: Plan, user: User) -> dict[str, Any]:
    """Return the lines that become others or could, and what the goods come to, as this user may read it."""
    old = costing_for(user, sheet.document, sheet.lines)
    new = _costing_of_today(sheet, plan, user)
    told = partial(reason, user=user, write=in_currency(sheet.document.currency))
    traces = [(one.line.unit, [one.line.trace, *(part.trace for part in one.parts)]) for one in plan.lines]
    rows = [
        _row(one, old, new, partial(told, names=names))
        for one, names in zip(plan.lines, units_told(traces), strict=True)
    ]
    shown = [row for row in rows if row.one.differs or row.could_change]
    before = sum((one.line.amount for one in plan.lines), Decimal(0))
    after = sum((one.amount for one in plan.lines), Decimal(0))
    return {
        "rows": shown,
        "same": len(rows) - len(shown),
        "before": before,
        "after": after,
        "more": after - before,
        "margin": old or new,
        "any_could_change": any(row.could_change for row in shown),
    }


def _costing_of_today(sheet: Sheet, plan: Plan, user: User) -> Costing | None:
    currency = sheet.document.currency_id
    rate = rate_on(own_rates([currency]), currency, plan.on) if may_see_cost(user) else None
    return None if rate is None else Costing(rate, sheet.totalled.prices_include_tax)


def _row(one: Repriced, old: Costing | None, new: Costing | None, told: Callable[..., str]) -> Row:
    line, part = one.line, one.new
    was = Sold(line.amount, line.tax_percent, line.unit_cost, line.ordered)
    now = Sold(one.amount, line.tax_percent, part.unit_cost, sum(part.ordered for part in one.parts))
    before, why = told(line.trace), [told(part.trace) for part in one.parts]
    return Row(
        one=one,
        was="" if before in why or _is_from_where(line.trace, part.trace) else before,
        why=why,
        old_margin=margin_percent(was, old) if old and was.unit_cost else None,
        new_margin=margin_percent(now, new) if new and now.unit_cost else None,
    )


def _is_from_where(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether both prices stand at the same place: list, unit and break."""
    own = {"typed", "quoted"} & (before.keys() | after.keys())
    return not own and all(before.get(name) == after.get(name) for name in ("tier", "list", "unit", "from"))


def reason(trace: Mapping[str, Any], user: User, write: Write, names: Names) -> str:
    """Return in one sentence why a price is what it is; units are told by their `names`."""
    if trace.get("quoted"):
        return _("accepted in quote %(version)s") % {"version": trace["quoted"]}
    if trace.get("typed"):
        return _("typed by hand")
    told = steps(with_units_named(trace_for(user, trace), names), write)
    return told[0] if told else _("no list has a price")
