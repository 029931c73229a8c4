"""The schedule of an agreement: per day what is planned, ordered, shipped and open, and the steps of each call-off."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from customers.models import Agreement, AgreementLine, Customer
from customers.status import AgreementStatus
from inventory.views.pages import accepted, actor, page, require, told
from oms.company import business_day
from oms.errors import Refused
from oms.models import User
from orders.call_off_forms import ChangeForm, PlanForm, TermsForm
from orders.call_offs import Progress
from orders.models import CallOff, CallOffOrder, CallOffSchedule, Order
from orders.services.calling_off import call_off
from orders.services.scheduling import (
    change_call_off,
    claims_of,
    day_in_words,
    plan_again,
    plan_call_offs,
    progress_of,
    set_schedule,
    skip_call_off,
)

VIEW, CHANGE, CALL = "orders.view_calloff", "orders.change_calloff", "orders.call_off"
MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A call-off, how far it is, its orders, and when the clock calls it off."""

    one: CallOff
    progress: Progress
    orders: Sequence[Order]
    due_on: date
    today: date

    @property
    def may_change(self) -> bool:
        return not self.orders and self.one.skipped_at is None

    @property
    def is_pressing(self) -> bool:
        """Whether its day to be called off has come."""
        return self.due_on <= self.today

    @property
    def waits(self) -> bool:
        """Whether the last refusal still holds: no order was made, or it is a draft."""
        return bool(self.one.refusal) and all(order.is_editable for order in self.orders)


@dataclass(frozen=True, slots=True)
class Rest:
    """What a line of the agreement has given, what call-offs will still take, and what is left to plan."""

    line: AgreementLine
    planned: int

    @property
    def left(self) -> int | None:
        return None if self.line.left is None else self.line.left - self.planned


@require_safe
def call_offs(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the schedule of an agreement whose customer the person sees."""
    require(request, VIEW)
    return _page(request, _agreement(request, pk))


def _agreement(request: HttpRequest, pk: int) -> Agreement:
    mine = Agreement.objects.filter(customer__in=Customer.objects.visible_to(actor(request)))
    return get_object_or_404(mine.visible_to(actor(request)).select_related("customer", "currency"), pk=pk)


def _page(request: HttpRequest, agreement: Agreement, form: PlanForm | None = None) -> HttpResponse:
    schedule = CallOffSchedule.objects.filter(agreement=agreement).first() or CallOffSchedule(
        agreement=agreement
    )
    today, user = business_day(), actor(request)
    progress = progress_of(agreement.pk)
    claims = claims_of(agreement.pk, progress)
    rows = _rows(schedule, progress, today) if schedule.pk else []
    lines = list(agreement.lines.of_one_product().select_related("product", "unit"))
    is_in_force = agreement.status == AgreementStatus.IN_FORCE and today < agreement.valid_to
    may_plan = user.has_perm(CHANGE) and is_in_force
    title = _("Call-offs of %(agreement)s") % {"agreement": agreement}
    context: dict[str, Any] = {
        "original": agreement,
        "schedule": schedule,
        "rows": rows,
        "rests": [Rest(line, claims[line.pk]) for line in lines],
        "form": form or (PlanForm(agreement, user) if may_plan and lines else None),
        "terms": TermsForm(schedule) if may_plan else None,
        "may_plan": may_plan,
        "may_call": user.has_perm(CALL) and is_in_force and agreement.valid_from <= today,
        "is_in_force": is_in_force,
    }
    return page(request, "orders/call_offs.html", Agreement, title, **context)


def _rows(schedule: CallOffSchedule, progress: Mapping[int, Progress], today: date) -> list[Row]:
    made = Prefetch("made", CallOffOrder.objects.select_related("order").order_by("order_id"))
    found = schedule.call_offs.select_related("agreement_line__product", "ship_to", "unit")
    ahead = timedelta(days=schedule.lead_days)
    latest = found.prefetch_related(made).order_by("-requested_on", "-pk")[:MOST_ROWS]
    return [
        Row(one, progress[one.pk], [made.order for made in one.made.all()], one.requested_on - ahead, today)
        for one in reversed(latest)
    ]


# --- steps ------------------------------------------------------------------------------------------------------------


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan one day or many; what is refused stands above the form with what was typed."""
    require(request, CHANGE)
    agreement = _agreement(request, pk)
    form = PlanForm(agreement, actor(request), request.POST)

    def act(_values: Mapping[str, Any]) -> str:
        days = plan_call_offs(pk, form.portions(), by=actor(request))
        text = ngettext(
            "Planned for %(first)s.", "Planned for %(n)s days, from %(first)s to %(last)s.", len(days)
        )
        return text % {"n": len(days), "first": day_in_words(days[0]), "last": day_in_words(days[-1])}

    if accepted(request, form, act):
        return redirect("admin:orders_agreement_call_offs", pk)
    return _page(request, agreement, form)


@require_POST
def terms(request: HttpRequest, pk: int) -> HttpResponse:
    """Set how many days ahead is called off, and the PO number."""
    require(request, CHANGE)
    agreement = _agreement(request, pk)
    form = TermsForm(CallOffSchedule(agreement=agreement), request.POST)
    if form.is_valid():
        set_schedule(pk, **form.cleaned_data, by=actor(request))
        messages.success(request, _("It is called off so from now on."))
    else:
        _tell_errors(request, form)
    return redirect("admin:orders_agreement_call_offs", pk)


def _tell_errors(request: HttpRequest, form: Any) -> None:
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        messages.error(request, f"{label}: {' '.join(errors)}" if label else " ".join(errors))


def _change(request: HttpRequest, one: CallOff, by: User) -> str:
    form = ChangeForm(one, request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    changed = change_call_off(one.pk, **form.cleaned_data, by=by)
    return _("It is wanted on %(day)s.") % {"day": day_in_words(changed.requested_on)}


def _skip(_request: HttpRequest, one: CallOff, by: User) -> str:
    skip_call_off(one.pk, by=by)
    return _("%(day)s is skipped.") % {"day": day_in_words(one.requested_on)}


def _plan_again(_request: HttpRequest, one: CallOff, by: User) -> str:
    plan_again(one.pk, by=by)
    return _("%(day)s is planned again.") % {"day": day_in_words(one.requested_on)}


def _call(_request: HttpRequest, one: CallOff, by: User) -> str:
    called = call_off(one.pk, by=by)
    told = {"order": called.order, "why": called.refusal}
    if called.refusal:
        return _("%(order)s was made and is still a draft. %(why)s") % told
    return _("%(order)s was made and submitted.") % told


def _doing(needed: str, step: Callable[[HttpRequest, CallOff, User], str]) -> Callable[..., HttpResponse]:
    """Return the view that takes a step of the call-off named in the form."""

    @require_POST
    def take_step(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, needed)
        agreement = _agreement(request, pk)
        asked = request.POST.get("call_off", "")
        key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
        mine = CallOff.objects.visible_to(actor(request)).filter(schedule__agreement=agreement)
        one = get_object_or_404(mine.select_related("unit", "agreement_line__product"), pk=key)
        told(request, lambda: step(request, one, actor(request)))
        return redirect("admin:orders_agreement_call_offs", pk)

    return take_step


change = _doing(CHANGE, _change)
skip = _doing(CHANGE, _skip)
again = _doing(CHANGE, _plan_again)
call = _doing(CALL, _call)
