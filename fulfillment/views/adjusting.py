"""Stock differs from the ledger: proposed on a form, decided in an inbox by somebody else."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from fulfillment.services.losing import PromisesGiveWay
from fulfillment.views.shared import gave_way, serve_waiting
from inventory.forms import AdjustForm
from inventory.models import BinStock, StockAdjustment
from inventory.services.adjusting import (
    Difference,
    Why,
    approve_adjustments,
    propose_adjustments,
    reject_adjustments,
)
from inventory.status import AdjustmentReason, AdjustmentStatus
from inventory.views.pages import actor, page, require, told
from inventory.views.stock_changes import Change, changed
from oms.models import User
from oms.text import clean

MOST_SHOWN = 50
LONGEST_NOTE = 200


def adjusted(values: Mapping[str, Any], by: User) -> str:
    room = PromisesGiveWay()
    difference = Difference(values["product"].pk, values["location"], values["difference"])
    why = Why(AdjustmentReason(values["reason"]), values["note"])
    made = propose_adjustments([difference], why, by=by, room=room)[0]
    named = {
        "number": made,
        "sku": values["product"].sku,
        "place": values["location"],
        "difference": f"{values['difference']:+d}",
    }
    if made.status == AdjustmentStatus.PROPOSED:
        return (
            _(
                "%(number)s waits for a second person: %(difference)s of %(sku)s at %(place)s is above the limit."
            )
            % named
        )
    return _("%(number)s: %(sku)s at %(place)s differs by %(difference)s now.") % named + gave_way(room.lost)


ADJUST = Change(
    gettext_lazy("Adjust stock"),
    gettext_lazy("Adjust"),
    "inventory.add_stockadjustment",
    AdjustForm,
    adjusted,
    serve_waiting,
)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    return changed(request, ADJUST)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the person, oldest first, in a constant number of statements."""
    require(request, "inventory.decide_stockadjustment")
    waiting = StockAdjustment.objects.visible_to(actor(request)).waiting()
    others = waiting.exclude(proposed_by=actor(request))
    cards = list(
        others.select_related("product", "location__warehouse", "proposed_by", "entry__round__stop__sheet")[
            :MOST_SHOWN
        ]
    )
    context = {
        "cards": [(card, _there(card, ledger)) for ledger in [_ledger(cards)] for card in cards],
        "count": others.count(),
        "own": waiting.filter(proposed_by=actor(request)).count(),
        "sees_value": actor(request).has_perm("inventory.view_cost"),
    }
    title = _("Adjustments to decide")
    return page(request, "fulfillment/adjustments.html", StockAdjustment, title, **context)


def _ledger(cards: list[StockAdjustment]) -> dict[tuple[int, int], int]:
    """What the bins of these adjustments hold now, by product and location."""
    bins = BinStock.objects.filter(
        product__in={card.product_id for card in cards}, location__in={card.location_id for card in cards}
    )
    return {(product, at): q for product, at, q in bins.values_list("product_id", "location_id", "quantity")}


def _there(card: StockAdjustment, ledger: Mapping[tuple[int, int], int]) -> dict[str, int]:
    there = ledger.get((card.product_id, card.location_id), 0)
    return {"before": there, "after": there + card.difference}


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    seen = StockAdjustment.objects.visible_to(actor(request))
    found = get_object_or_404(seen.select_related("product", "location__warehouse"), pk=pk)
    require(request, "inventory.decide_stockadjustment")
    verdict = request.POST.get("verdict", "")
    if verdict not in VERDICTS:
        raise BadRequest("verdict is approve or reject")
    if told(request, lambda: VERDICTS[verdict](request, found)):
        serve_waiting(actor(request))
    return redirect("admin:inventory_stockadjustment_inbox")


def _approved(request: HttpRequest, found: StockAdjustment) -> str:
    room = PromisesGiveWay()
    approve_adjustments([found.pk], by=actor(request), room=room)
    return _("%(number)s is booked: %(sku)s at %(place)s by %(difference)s.") % {
        "number": found,
        "sku": found.product.sku,
        "place": found.location,
        "difference": f"{found.difference:+d}",
    } + gave_way(room.lost)


def _rejected(request: HttpRequest, found: StockAdjustment) -> str:
    note = clean(request.POST.get("note", ""))[:LONGEST_NOTE]
    reject_adjustments([found.pk], by=actor(request), note=note)
    return _("%(number)s is rejected; stock stays as it is.") % {"number": found}


VERDICTS = {"approve": _approved, "reject": _rejected}
