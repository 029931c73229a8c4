"""The page that changes a confirmed order: what is wanted otherwise, what that would do, and then it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from customers.models import Address
from inventory.models import Product, ProductUnit, Warehouse
from inventory.units import from_base, written
from oms.contention import again_after_ties
from oms.errors import Incomplete, Refused
from oms.models import User
from orders.forms import ChangeForm, SplitForm, put_at_fields
from orders.masking import credit_reason_for, may_see_prices, reason_for
from orders.models import Order
from orders.services.allocating import serve_backorders
from orders.services.change_plan import DAY, SHIP_TO, WAREHOUSE, LineState
from orders.services.changing import Changed, OrderChange, change_order, preview_change
from orders.services.sheets import OrderSheet
from orders.services.sums import total_word
from orders.services.understanding import QUANTITY, NotUnderstood, TypedChange, understand
from orders.status import IN_WORK
from orders.views.kinds import Kind, StaffRequest

RIGHT = "orders.confirm_order"
LINE = "line_"  # and the line's key: the name of its quantity's field


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what stands in its field, and why that cannot be."""

    line: Any
    typed: str
    problem: str = ""

    @property
    def name(self) -> str:
        return f"{LINE}{self.line.pk}"

    @property
    def inside(self) -> int:
        """What the warehouse works on."""
        return int(self.line.released + self.line.picked + self.line.packed)

    @property
    def reserved(self) -> int:
        return int(self.line.allocated - self.line.released)


@dataclass(frozen=True, slots=True)
class Effect:
    """A line before and after, with its product and unit; a new one was not there before."""

    was: LineState | None
    now: LineState
    unit: ProductUnit
    product: Product

    @property
    def is_priced_anew(self) -> bool:
        return self.was is not None and self.was.unit_price != self.now.unit_price


@dataclass(slots=True)
class Typed:
    """What was filled in and could not be understood, by the name of its field."""

    lines: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def change(
    request: StaffRequest, kind: Kind, number: str, context: dict[str, Any], split: SplitForm | None = None
) -> HttpResponse:
    """Show the order to be changed; with what was filled in show the effects, or change it.

    `split` is what was filled in to split it, and was refused.
    """
    order, user = kind.find(request, number), request.user
    if not user.has_perm(RIGHT):
        raise PermissionDenied
    if order.status not in IN_WORK:
        messages.error(request, _("%(order)s is not in work; it cannot be changed here.") % {"order": order})
        return HttpResponseRedirect(kind.url("change", order.pk))
    form = ChangeForm(order, user, request.POST if request.method == "POST" and split is None else None)
    typed, done = Typed(_typed_in(request.POST)), None
    if form.is_bound:
        apply = request.POST.get("apply") == _fingerprint(request)
        done = _done(request, order, form, typed, apply=apply)
        if done and apply:
            _say(request, done)
            return HttpResponseRedirect(kind.url("change", order.pk))
    context |= {
        "kind": kind,
        "document": order,
        "title": _("Change %(order)s") % {"order": order},
        "page_url": kind.url("change", order.pk),
        "form": form,
        "split": split or _split(order),
        "rows": _rows(order, typed),
        "add_problem": typed.problems.get("add", ""),
        "may_see_prices": may_see_prices(user),
        **({**_effects(done, user), "seen": _fingerprint(request)} if done else {}),
    }
    return TemplateResponse(request, "orders/change.html", context)


def _split(order: Order) -> SplitForm:
    form = SplitForm(auto_id="split_%s")
    form.fit(order)
    return form


def _fingerprint(request: StaffRequest) -> str:
    """Return what tells whether this was filled in when the effects were shown."""
    said = [
        (n, request.POST[n])
        for n in sorted(request.POST)
        if n not in ("csrfmiddlewaretoken", "apply", "preview")
    ]
    return sha256(repr(said).encode()).hexdigest()


def _typed_in(data: Mapping[str, str]) -> dict[str, str]:
    return {name: text.strip()[:40] for name, text in data.items() if name.startswith(LINE)}


def _done(
    request: StaffRequest, order: Order, form: ChangeForm, typed: Typed, *, apply: bool
) -> Changed | None:
    """Make the change, or try it; None with the problems told when it cannot be."""
    if not form.is_valid():
        return None
    try:
        wanted = _read(order, form, typed, request.user)
        if not apply:
            return again_after_ties(partial(preview_change, order.pk, wanted, by=request.user))
        done = again_after_ties(partial(change_order, order.pk, wanted, by=request.user))
        serve_backorders(by=request.user)
    except NotUnderstood:
        messages.error(request, _("Some of what was typed is not understood; see below."))
        return None
    except Refused as refusal:
        if not (isinstance(refusal, Incomplete) and put_at_fields(form, refusal)):
            messages.error(request, str(refusal))
        return None
    return done


def _read(order: Order, form: ChangeForm, typed: Typed, by: User) -> OrderChange:
    """Return what was filled in as a change; raise NotUnderstood with each problem at its field."""
    rows = {row.name: row for row in _rows(order, typed)}
    named = {
        name: text for name, text in typed.lines.items() if name in rows and text != _shown(rows[name].line)
    }
    gone = {rows[name].line.pk: 0 for name, text in named.items() if text in ("", "0")}
    asked = [name for name, text in named.items() if text not in ("", "0")]
    adds = dict(enumerate(form.added()))
    changes = {len(adds) + i: TypedChange(rows[n].line.pk, QUANTITY, named[n]) for i, n in enumerate(asked)}
    try:
        lines, understood = understand(OrderSheet(order), adds, changes, by=by)
    except NotUnderstood as refusal:
        for place, problem in refusal.problems.items():
            name = asked[place - len(adds)] if place >= len(adds) else "add"
            typed.problems[name] = " ".join([typed.problems.get(name, ""), problem]).strip()
        raise
    wanted = {one.line_id: one.ordered for one in understood if one.ordered is not None}
    return OrderChange(quantities={**gone, **wanted}, add=lines, **form.header())


def _rows(order: Order, typed: Typed) -> list[Row]:
    released = Sum("allocations__released", default=0)
    lines = order.lines.select_related("product", "unit").annotate(released=released).order_by("position")
    return [
        Row(line, typed.lines.get(name, _shown(line)), typed.problems.get(name, ""))
        for line in lines
        for name in [f"{LINE}{line.pk}"]
    ]


def _shown(line: Any) -> str:
    """Return what the customer gets of the line, as its field shows it and would read it again."""
    unit, wanted = line.unit, line.ordered - line.cancelled
    return written(from_base(wanted, numerator=unit.numerator, denominator=unit.denominator))


def _effects(done: Changed, user: User) -> dict[str, Any]:
    """Return what the change does, as this user may read it."""
    units = ProductUnit.objects.select_related("product").in_bulk([now.unit_id for _was, now in done.lines])
    effects = [Effect(was, now, units[now.unit_id], units[now.unit_id].product) for was, now in done.lines]
    return {
        "effects": effects,
        "facts": _facts(done),
        "sums": _sums(done),
        "asks": [(rule.approvers, reason_for(user, rule, why)) for rule, why in done.asks],
        "credit": credit_reason_for(user, done.credit),
        "previewed": True,
    }


def _sums(done: Changed) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Return what the order comes to before, after, and the difference; without tax too where there is some."""
    is_taxed = done.order.tax_zone_id is not None
    rows = [(total_word(False), *done.net)] if is_taxed else []
    rows.append((total_word(is_taxed), *done.total))
    return [(word, old, new, new - old) for word, old, new in rows]


def _facts(done: Changed) -> list[tuple[str, Any, Any]]:
    words = {DAY: _("Needed by"), SHIP_TO: _("Ship to"), WAREHOUSE: _("Warehouse")}
    rows: dict[str, Any] = {SHIP_TO: Address, WAREHOUSE: Warehouse}
    found = []
    for name, ends in done.header.items():
        named: Any = rows[name].objects.in_bulk(ends) if name in rows else {}
        found.append((words[name], *(named.get(end, end) for end in ends)))
    return found


def _say(request: StaffRequest, done: Changed) -> None:
    if done.asks or done.credit:
        text = _("%(order)s is changed, and held until somebody agrees: %(why)s.")
        credit = credit_reason_for(request.user, done.credit)
        asked = [reason_for(request.user, rule, why) for rule, why in done.asks]
        why = "; ".join(filter(None, [*asked, credit]))
        messages.warning(request, text % {"order": done.order, "why": why})
    else:
        messages.success(request, _("%(order)s is changed.") % {"order": done.order})
