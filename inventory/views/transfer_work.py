"""What hands do to a transfer: goods leave, arrive, come back or are lost. One page each, of one kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import require_http_methods

from inventory.finding import Counted, codes_of, counted_unit
from inventory.models import StockLevel, Transfer, TransferLine
from inventory.services.transferring import (
    bins_to_empty,
    declare_lost,
    dispatch_transfer,
    receive_transfer,
    take_back_transfer,
)
from inventory.units import read_counted
from inventory.views.pages import actor, page, require, require_works_in, told
from inventory.views.transfers import may_plan_between, page_of, visible_transfer
from oms.access import needs
from oms.errors import Refused
from oms.models import User
from oms.text import clean

Quantities = Mapping[int, int]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Work:
    """One thing hands do: where, with which right, how much at most, and what it is called."""

    name: str
    title: Words
    lead: Words
    asked: Words
    button: Words
    everything: Words
    done: Words
    permission: str
    end: str
    most: str
    act: Callable[[Transfer, Quantities, User, str], Transfer]
    asks_why: bool = False


WORKS = {
    work.name: work
    for work in (
        Work(
            "dispatch",
            gettext_lazy("Dispatch %(transfer)s"),
            gettext_lazy("Scan or type what goes onto the lorry. It leaves the bins in walk order."),
            gettext_lazy("To dispatch"),
            gettext_lazy("Dispatch what is typed"),
            gettext_lazy("All as planned"),
            ngettext_lazy(
                "%(count)s line of %(transfer)s is on the way.",
                "%(count)s lines of %(transfer)s are on the way.",
                "count",
            ),
            "inventory.dispatch_transfer",
            "source",
            "to_dispatch",
            lambda transfer, quantities, by, _why: dispatch_transfer(transfer.pk, quantities, by=by),
        ),
        Work(
            "receive",
            gettext_lazy("Receive %(transfer)s"),
            gettext_lazy("Scan or type what came. It stands in receiving then; the rest stays on the way."),
            gettext_lazy("On the way"),
            gettext_lazy("Receive what is typed"),
            gettext_lazy("All of it came"),
            ngettext_lazy(
                "%(count)s line of %(transfer)s has come.",
                "%(count)s lines of %(transfer)s have come.",
                "count",
            ),
            "inventory.receive_transfer",
            "target",
            "in_transit",
            lambda transfer, quantities, by, _why: receive_transfer(transfer.pk, quantities, by=by),
        ),
        Work(
            "take_back",
            gettext_lazy("Take %(transfer)s back"),
            gettext_lazy("Scan or type what came back. It stands in receiving then and is not sent again."),
            gettext_lazy("On the way"),
            gettext_lazy("Take back what is typed"),
            gettext_lazy("All of it came back"),
            ngettext_lazy(
                "%(count)s line of %(transfer)s is back.",
                "%(count)s lines of %(transfer)s are back.",
                "count",
            ),
            "inventory.receive_transfer",
            "source",
            "in_transit",
            lambda transfer, quantities, by, _why: take_back_transfer(transfer.pk, quantities, by=by),
        ),
        Work(
            "lose",
            gettext_lazy("Loss of %(transfer)s"),
            gettext_lazy("Type what will not arrive any more. The ledger lets it go, with your reason."),
            gettext_lazy("On the way"),
            gettext_lazy("Declare lost"),
            gettext_lazy("All of it is lost"),
            ngettext_lazy(
                "%(count)s line of %(transfer)s is lost.",
                "%(count)s lines of %(transfer)s are lost.",
                "count",
            ),
            "inventory.adjust_stock",
            "target",
            "in_transit",
            lambda transfer, quantities, by, why: declare_lost(transfer.pk, quantities, by=by, reason=why),
            asks_why=True,
        ),
    )
}


def dispatch(request: HttpRequest, pk: int) -> HttpResponse:
    return _work_page(request, pk, WORKS["dispatch"])


def receive(request: HttpRequest, pk: int) -> HttpResponse:
    return _work_page(request, pk, WORKS["receive"])


def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _work_page(request, pk, WORKS["take_back"])


def lose(request: HttpRequest, pk: int) -> HttpResponse:
    return _work_page(request, pk, WORKS["lose"])


@require_http_methods(["GET", "HEAD", "POST"])
def _work_page(request: HttpRequest, pk: int, work: Work) -> HttpResponse:
    """Show the lines with something left; when they are sent, do the work once."""
    transfer = visible_transfer(request, pk)
    require(request, work.permission)
    require_works_in(request, getattr(transfer, work.end))
    if request.method == "POST" and told(request, lambda: _done(request, transfer, work)):
        return redirect(page_of(transfer))
    left = _with_units(transfer).filter(**{f"{work.most}__gt": 0})
    lines = list(left.order_by("pk"))
    bins = bins_to_empty(transfer) if work.name == "dispatch" else {}
    context = {
        "original": transfer,
        "work": work,
        "rows": [_row(request, line, work, bins) for line in lines],
        "free": _free(transfer, lines) if work.name == "dispatch" else {},
        "why": request.POST.get("why", ""),
        "device": {
            "codes": _codes(lines),
            "most": {line.pk: getattr(line, work.most) for line in lines},
            "each": {line.pk: line.each for line in lines},
        },
    }
    title = str(work.title) % {"transfer": transfer}
    return page(request, "inventory/transfer_work.html", Transfer, title, **context)


def _with_units(transfer: Transfer) -> Any:
    """Return the lines with the unit in which people count each product, and how many base units it is."""
    return transfer.lines.select_related("product").annotate(**counted_unit("product"))


def _row(
    request: HttpRequest, line: TransferLine, work: Work, bins: Mapping[int, list[tuple[str, int]]]
) -> dict[str, Any]:
    typed = request.POST.get(f"moved-{line.pk}", "")
    return {"line": line, "most": getattr(line, work.most), "typed": typed, "bins": bins.get(line.pk, [])}


def _free(transfer: Transfer, lines: Iterable[TransferLine]) -> dict[int, int]:
    """Return what the source may give of each product: there and not promised."""
    levels = StockLevel.objects.filter(
        warehouse=transfer.source_id, product__in=[line.product_id for line in lines]
    )
    return dict(levels.values_list("product_id", "available"))


def _codes(lines: Iterable[Any]) -> dict[str, list[int]]:
    """Return what a scanner may read: each SKU and GTIN with its line and how many base units it stands for."""
    of_product = {line.product_id: line for line in lines}
    counted = {pk: Counted(line.unit, line.each) for pk, line in of_product.items()}
    known = codes_of({pk: line.product.sku for pk, line in of_product.items()}, counted)
    return {code: [of_product[pk].pk, each] for pk, codes in known.items() for code, each in codes.items()}


def _done(request: HttpRequest, transfer: Transfer, work: Work) -> str:
    quantities = _everything(transfer, work) if "all" in request.POST else _typed(request)
    if not quantities:
        raise Refused(
            _("Nothing was entered: scan or type a quantity, or press “%(all)s”.") % {"all": work.everything}
        )
    why = clean(request.POST.get("why", ""))[:200]
    work.act(transfer, quantities, actor(request), why)
    return str(work.done % {"count": len(quantities), "transfer": transfer})


def _everything(transfer: Transfer, work: Work) -> dict[int, int]:
    return dict(transfer.lines.filter(**{f"{work.most}__gt": 0}).values_list("pk", work.most))


def _typed(request: HttpRequest) -> dict[int, int]:
    """Return what was typed per line id, in base units; raise Refused for what is no number."""
    typed: dict[int, int] = {}
    for name, text in request.POST.items():
        if name.startswith("moved-") and str(text).strip():
            line = name.removeprefix("moved-")
            each = read_counted(request.POST.get(f"each-{line}", "1"), 1)
            typed[read_counted(line, 1)] = read_counted(str(text), each)
    return {line: quantity for line, quantity in typed.items() if quantity}


@dataclass(frozen=True, slots=True)
class Step:
    """A button of the transfer's page, or why it is not there to press."""

    name: str
    label: Words
    blocked: str
    style: str = ""


def lines_and_steps(request: HttpRequest, transfer: Transfer) -> dict[str, Any]:
    """What the page of a transfer shows besides its fields."""
    lines = list(_with_units(transfer).order_by("pk"))
    left = {name: sum(getattr(line, name) for line in lines) for name in ("to_dispatch", "in_transit")}
    user = actor(request)
    steps = [_step(user, transfer, work, left[work.most]) for work in WORKS.values()]
    planning = _planning_blocked(user, transfer)
    steps += [
        Step("redate", _("Other days"), planning),
        Step(
            "cancel",
            _("Cancel transfer"),
            planning or ("" if left["to_dispatch"] else _("everything has left")),
        ),
    ]
    return {"lines": lines, "timeline": transfer.events.select_related("by"), "steps": steps}


LABELS = {
    "dispatch": gettext_lazy("Dispatch"),
    "receive": gettext_lazy("Receive"),
    "take_back": gettext_lazy("Take back"),
    "lose": gettext_lazy("Declare lost"),
}


def _step(user: User, transfer: Transfer, work: Work, left: int) -> Step:
    style = "wh-first" if work.name in ("dispatch", "receive") and left else ""
    return Step(work.name, LABELS[work.name], _blocked(user, transfer, work, left), style)


def _blocked(user: User, transfer: Transfer, work: Work, left: int) -> str:
    """Return why this work is not to be done, nothing when it is."""
    place = getattr(transfer, work.end)
    if not left:
        return _("nothing is left to leave") if work.most == "to_dispatch" else _("nothing is on the way")
    if not user.has_perm(work.permission):
        return needs(work.permission)
    works_there = type(place).objects.worked_by(user).filter(pk=place.pk).exists()
    return "" if works_there else _("only people of %(place)s do this") % {"place": place}


def _planning_blocked(user: User, transfer: Transfer) -> str:
    if not transfer.NEXT[transfer.status]:
        return _("the transfer is %(status)s") % {"status": transfer.get_status_display()}
    if not user.has_perm("inventory.change_transfer"):
        return needs("inventory.change_transfer")
    if not may_plan_between(user, transfer.source, transfer.target):
        return _("only people of %(source)s and %(target)s do this") % {
            "source": transfer.source,
            "target": transfer.target,
        }
    return ""
