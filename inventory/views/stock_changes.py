"""Stock is moved or received without an order: two forms, each one service.

What may cost an order its promise, such as an adjustment, has its forms further right, made from the same parts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from inventory.forms import MoveForm, ReceiveForm, StockForm
from inventory.models import StockLevel
from inventory.services.moving import Cause, move_stock, receive_stock
from inventory.views.pages import accepted, actor, page, require
from oms.models import User

Values = Mapping[str, Any]


def moved(values: Values, by: User) -> str:
    quantities = {values["product"].pk: values["quantity"]}
    move_stock(quantities, values["source"], values["target"], _cause("MOVE", values, by))
    return _("%(quantity)s of %(sku)s lie at %(place)s now.") % {
        "quantity": values["quantity"],
        "sku": values["product"].sku,
        "place": values["target"],
    }


def received(values: Values, by: User) -> str:
    quantities = {values["product"].pk: values["quantity"]}
    receive_stock(quantities, values["location"], _cause(values["document"], values, by))
    return _("%(quantity)s of %(sku)s came into %(place)s.") % {
        "quantity": values["quantity"],
        "sku": values["product"].sku,
        "place": values["location"],
    }


def _cause(document: str, values: Values, by: User) -> Cause:
    return Cause(document, by, values["reason"])


@dataclass(frozen=True, slots=True)
class Change:
    """One way to change stock: its words, its right, its form, what it does, and what follows when that is kept."""

    title: str | Promise
    button: str | Promise
    permission: str
    form: type[StockForm]
    act: Callable[[Values, User], str]
    then: Callable[[User], object] | None = None


CHANGES = {
    "move": Change(gettext_lazy("Move stock"), gettext_lazy("Move"), "inventory.move_stock", MoveForm, moved),
    "receive": Change(
        gettext_lazy("Receive without an order"),
        gettext_lazy("Receive"),
        "inventory.receive_stock",
        ReceiveForm,
        received,
    ),
}


def changed(request: HttpRequest, change: Change) -> HttpResponse:
    """Show the form; when it is sent, change stock once and show it again, ready for the next."""
    require(request, change.permission)
    if request.method == "POST":
        form = change.form(request.POST, user=actor(request))
        if accepted(request, form, lambda values: change.act(values, actor(request))):
            if change.then:
                change.then(actor(request))
            return redirect(request.path)
    else:
        form = change.form(initial=_asked_for(request), user=actor(request))
    context = {"form": form, "button": change.button, "errors": form.errors}
    return page(request, "inventory/stock_change.html", StockLevel, str(change.title), **context)


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """What a link to the form has filled in."""
    names = ("product", "location", "source", "target", "difference", "quantity", "reason")
    return {name: request.GET[name] for name in names if name in request.GET}


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    return changed(request, CHANGES["move"])


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    return changed(request, CHANGES["receive"])
