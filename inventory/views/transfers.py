"""Transfers are planned, given other days and cancelled; what is on their pages."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.forms import DaysForm, SentFormSet, TransferForm
from inventory.models import Transfer, Warehouse
from inventory.services.transferring import Days, cancel_transfer, plan_transfer, redate_transfer
from inventory.status import TransferStatus
from inventory.views.pages import accepted, actor, page, require, told
from inventory.views.purchases import with_more_rows
from oms.company import business_day
from oms.models import User

ANY = "inventory.plan_any_transfer"


def may_plan_between(user: User, *places: Warehouse) -> bool:
    """Whether the person works at one end, or plans for others."""
    worked = Warehouse.objects.worked_by(user).filter(pk__in=[place.pk for place in places])
    return user.has_perm(ANY) or worked.exists()


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    require(request, "inventory.add_transfer")
    sent = with_more_rows(request.POST) if request.method == "POST" else None
    head = TransferForm(sent, user=actor(request), initial=_asked_for(request))
    rows = SentFormSet(sent, prefix="rows")
    planning = sent is not None and "more" not in sent
    if (
        planning
        and rows.is_valid()
        and accepted(request, head, lambda values: _planned(request, values, rows))
    ):
        return redirect("admin:inventory_transfer_changelist")
    errors = planning and bool(head.errors or rows.total_error_count())
    context = {"head": head, "rows": rows, "errors": errors}
    return page(request, "inventory/plan_transfer.html", Transfer, _("New transfer"), **context)


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """What a link has filled in; a transfer leaves today unless somebody says otherwise."""
    names = ("source", "target")
    return {
        "ship_on": business_day(),
        **{name: request.GET[name] for name in names if name in request.GET},
    }


def _planned(request: HttpRequest, head: Mapping[str, Any], rows: Any) -> str:
    places = (head["source"], head["target"])
    if not may_plan_between(actor(request), *places):
        raise PermissionDenied
    wanted: Counter[int] = Counter()
    for form in rows.filled():
        wanted[form.cleaned_data["product"].pk] += form.cleaned_data["quantity"]
    days = Days(head["ship_on"], head["arrive_on"])
    transfer = plan_transfer(places, days, wanted, by=actor(request), note=head["note"])
    return _("%(transfer)s from %(source)s to %(target)s is planned.") % {
        "transfer": transfer,
        "source": places[0],
        "target": places[1],
    }


def visible_transfer(request: HttpRequest, pk: int) -> Transfer:
    """Return the transfer; raise Http404 when the person does not see it."""
    transfers = Transfer.objects.visible_to(actor(request)).select_related("source", "target")
    found: Transfer = get_object_or_404(transfers, pk=pk)
    return found


def _visible_to_planner(request: HttpRequest, pk: int) -> Transfer:
    """Return the transfer; raise PermissionDenied unless its plan is the person's to change."""
    transfer = visible_transfer(request, pk)
    require(request, "inventory.change_transfer")
    if not may_plan_between(actor(request), transfer.source, transfer.target):
        raise PermissionDenied
    return transfer


def page_of(transfer: Transfer) -> str:
    return reverse("admin:inventory_transfer_change", args=[transfer.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def redate(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = _visible_to_planner(request, pk)
    days = {"ship_on": transfer.ship_on, "arrive_on": transfer.arrive_on}
    form = DaysForm(request.POST or None, initial=days)
    if request.method == "POST" and accepted(
        request, form, lambda values: _redated(request, transfer, values)
    ):
        return redirect(page_of(transfer))
    context = {"original": transfer, "form": form, "errors": form.errors}
    title = _("Other days for %(transfer)s") % {"transfer": transfer}
    return page(request, "inventory/redate_transfer.html", Transfer, title, **context)


def _redated(request: HttpRequest, transfer: Transfer, values: Mapping[str, Any]) -> str:
    redate_transfer(transfer.pk, Days(values["ship_on"], values["arrive_on"]), by=actor(request))
    return _("%(transfer)s has its new days.") % {"transfer": transfer}


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    transfer = _visible_to_planner(request, pk)
    if request.method == "POST" and told(request, lambda: _cancelled(request, transfer)):
        return redirect(page_of(transfer))
    lines = list(transfer.lines.all())
    context = {
        "original": transfer,
        "rest": sum(line.to_dispatch > 0 for line in lines),
        "away": sum(line.in_transit > 0 for line in lines),
    }
    title = _("Cancel %(transfer)s") % {"transfer": transfer}
    return page(request, "inventory/cancel_transfer.html", Transfer, title, **context)


def _cancelled(request: HttpRequest, transfer: Transfer) -> str:
    after = cancel_transfer(transfer.pk, by=actor(request))
    if after.status == TransferStatus.DISPATCHED:
        return _("The rest of %(transfer)s is cancelled; what is on the way is still to be received.") % {
            "transfer": transfer
        }
    return _("%(transfer)s is cancelled.") % {"transfer": transfer}
