"""The steps people take with a document: which are offered, and what happens when one is posted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.contention import again_after_ties
from oms.errors import Incomplete, Refused
from oms.models import User
from orders.forms import (
    AcceptanceForm,
    FollowUpForm,
    LinesForm,
    OutcomeForm,
    ReasonForm,
    RequiredReasonForm,
    ReviseForm,
    SplitForm,
    put_at_fields,
)
from orders.services.alternatives import draft_alternative
from orders.services.cancelling import cancel_order, close_order, close_short
from orders.services.capturing import order_from_quote
from orders.services.checking import order_warnings
from orders.services.concluding import say_why
from orders.services.confirming import confirm_order
from orders.services.copying import copy_order
from orders.services.crediting import release_credit
from orders.services.holding import ENDED, hold_order, let_go_on
from orders.services.quoting import (
    accept_quote,
    cancel_quote,
    decline_quote,
    follow_up_quote,
    revise_quote,
    send_quote,
)
from orders.services.renewing import renew_quote
from orders.services.splitting import split_order
from orders.services.stock_holds import let_stock_go
from orders.services.submitting import submit_order, take_back_order
from orders.services.watching import promise_again
from orders.status import DECIDED, OPEN, HoldKind, OrderStatus, Outcome, QuoteStatus
from orders.views.kinds import ORDERS, QUOTES, Kind, StaffRequest

Words = str | Promise
Act = Callable[[int, User, Any], Any]
Show = Callable[[Any, "Typed"], HttpResponse | None]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its button, the right it takes, the state it leads to, what is asked for, and its service."""

    name: str
    label: Words
    permission: str
    needs: Words
    act: Act
    to: str = ""
    form: type[forms.Form] | None = None
    warning: Words = ""
    danger: bool = False
    said: Words | Callable[[Any], str] = (
        ""  # afterwards, of what it led to; needed where it leads to no state
    )
    is_beside: bool = False  # a mistake put right, or done at any time: never what is offered first


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a button: open, or shut with the reason why."""

    step: Step
    url: str
    needs: str
    form: forms.Form | None
    primary: bool
    warning: str


class Typed(NamedTuple):
    """What was typed for a step and is refused, with why at its fields."""

    step: str
    form: forms.Form


def _reminded(quote: Any) -> str:
    if quote.follow_up_on is None:
        return _("Nobody is reminded of %(quote)s.") % {"quote": quote}
    told = {"quote": quote, "day": date_format(quote.follow_up_on)}
    return _("You are reminded of %(quote)s on %(day)s.") % told


SELLERS = gettext_lazy("needs the right to sell")
ORDER_STEPS = [
    Step(
        "submit", gettext_lazy("Submit"), "orders.submit_order", SELLERS,
        lambda pk, by, _f: submit_order(pk, by=by), OrderStatus.SUBMITTED,
    ),
    Step(
        "confirm", gettext_lazy("Confirm"), "orders.confirm_order", gettext_lazy("needs the right to confirm orders"),
        lambda pk, by, _f: confirm_order(pk, by=by), OrderStatus.CONFIRMED,
    ),
    Step(
        "close", gettext_lazy("Close"), "orders.close_order", gettext_lazy("needs finance"),
        lambda pk, by, _f: close_order(pk, by=by), OrderStatus.CLOSED,
    ),
    Step(
        "take_back", gettext_lazy("Take back"), "orders.submit_order", SELLERS,
        lambda pk, by, _f: take_back_order(pk, by=by), OrderStatus.DRAFT, is_beside=True,
    ),
    Step(
        "release_credit", gettext_lazy("Release credit …"), "orders.release_credit",
        gettext_lazy("needs who grants credit"),
        lambda pk, by, f: release_credit(pk, by=by, reason=f.cleaned_data["reason"]), form=RequiredReasonForm,
        warning=gettext_lazy("As it is the order may go on for two weeks until it has left, without credit."),
        said=gettext_lazy("%(document)s may go on, as far as credit is concerned."),
    ),
    Step(
        "let_go_on", gettext_lazy("Let go on"), "orders.hold_order", gettext_lazy("needs a manager or finance"),
        lambda pk, by, _f: let_go_on(pk, by=by), said=gettext_lazy("%(document)s is not held by hand any more."),
    ),
    Step(
        "hold", gettext_lazy("Hold …"), "orders.hold_order", gettext_lazy("needs a manager or finance"),
        lambda pk, by, f: hold_order(pk, by=by, reason=f.cleaned_data["reason"]).order, form=RequiredReasonForm,
        said=gettext_lazy("%(document)s is on hold."), is_beside=True,
    ),
    Step(
        "promise_again", gettext_lazy("Tell other days …"), "orders.confirm_order",
        gettext_lazy("needs the right to confirm orders"),
        lambda pk, by, f: promise_again(pk, by=by, reason=f.cleaned_data["reason"]), form=RequiredReasonForm,
        warning=gettext_lazy("Lines that will not leave as promised get their new day; the customer is written to."),
        said=gettext_lazy("%(document)s is promised for other days; the customer is written to."), is_beside=True,
    ),
    Step(
        "split", gettext_lazy("Split …"), "orders.confirm_order", gettext_lazy("needs the right to confirm orders"),
        lambda pk, by, f: split_order(pk, f.split(), by=by), form=SplitForm,
        warning=gettext_lazy("What is not begun of them becomes a confirmed order of its own, at the same prices."),
        said=gettext_lazy("%(document)s is what was split off, with a place and a day of its own."), is_beside=True,
    ),
    Step(
        "copy", gettext_lazy("Copy …"), "orders.add_order", SELLERS,
        lambda pk, by, _f: copy_order(pk, by=by), form=forms.Form,
        warning=gettext_lazy("A draft with the same lines at today's prices; nothing that was agreed comes along."),
        said=gettext_lazy("%(document)s is a draft with the same lines, at today's prices."), is_beside=True,
    ),
    Step(
        "close_short", gettext_lazy("Close short …"), "orders.cancel_order",
        gettext_lazy("needs the right to cancel orders"),
        lambda pk, by, f: close_short(pk, f.cleaned_data["reason"], by=by), form=RequiredReasonForm,
        warning=gettext_lazy("What is not with the warehouse is cancelled; the customer gets the reason in a letter."),
        said=gettext_lazy("What was open of %(document)s is cancelled."), danger=True,
    ),
    Step(
        "cancel", gettext_lazy("Cancel order …"), "orders.cancel_order",
        gettext_lazy("needs the right to cancel orders"),
        lambda pk, by, f: cancel_order(pk, by=by, reason=f.cleaned_data["reason"]), OrderStatus.CANCELLED, ReasonForm,
        gettext_lazy("There is no way back: what has not left is cancelled and its stock is free for others."), True,
    ),
]  # fmt: skip
QUOTE_STEPS = [
    Step(
        "send", gettext_lazy("Send"), "orders.send_quote", SELLERS,
        lambda pk, by, _f: send_quote(pk, by=by), QuoteStatus.SENT,
    ),
    Step(
        "order", gettext_lazy("Make the order"), "orders.add_order", SELLERS,
        lambda pk, by, _f: order_from_quote(pk, by=by), QuoteStatus.ORDERED,
    ),
    Step(
        "order_some", gettext_lazy("Order some lines …"), "orders.add_order", SELLERS,
        lambda pk, by, f: order_from_quote(pk, by=by, only=f.cleaned_data["lines"]), QuoteStatus.ORDERED, LinesForm,
        gettext_lazy("The other lines are not ordered with this quote any more."),
    ),
    Step(
        "accept", gettext_lazy("Accepted …"), "orders.record_acceptance", SELLERS,
        lambda pk, by, f: accept_quote(pk, f.acceptance(), by=by, said=f.said()), QuoteStatus.ACCEPTED, AcceptanceForm,
    ),
    Step(
        "decline", gettext_lazy("Declined …"), "orders.record_acceptance", SELLERS,
        lambda pk, by, f: decline_quote(pk, f.cleaned_data["reason"], by=by), QuoteStatus.DECLINED, RequiredReasonForm,
    ),
    Step(
        "revise", gettext_lazy("Revise …"), "orders.change_quote", SELLERS,
        lambda pk, by, f: revise_quote(pk, by=by, valid_until=f.cleaned_data["valid_until"]), QuoteStatus.DRAFT,
        ReviseForm,
        gettext_lazy("The version that was sent stays as it is; the next one is drafted from it."),
    ),
    Step(
        "renew", gettext_lazy("Renew …"), "orders.change_quote", SELLERS,
        lambda pk, by, f: renew_quote(pk, by=by, valid_until=f.cleaned_data["valid_until"]), QuoteStatus.DRAFT,
        ReviseForm,
        gettext_lazy("The next version is drafted at today's prices; those typed by hand stay."),
    ),
    Step(
        "alternative", gettext_lazy("Alternative …"), "orders.add_quote", SELLERS,
        lambda pk, by, _f: draft_alternative(pk, by=by), form=forms.Form,
        warning=gettext_lazy("Another quote with the same lines, at today's prices, to be offered beside this one. "
                             "When the customer accepts one of them, the others are taken back."),
        said=gettext_lazy("%(document)s is drafted beside the other."), is_beside=True,
    ),
    Step(
        "why", gettext_lazy("Why …"), "orders.change_quote", SELLERS,
        lambda pk, by, f: say_why(pk, Outcome(f.cleaned_data["outcome"]), by=by, note=f.cleaned_data["note"]),
        form=OutcomeForm, said=gettext_lazy("It is kept why %(document)s came out so."), is_beside=True,
    ),
    Step(
        "follow_up", gettext_lazy("Follow up …"), "orders.change_quote", SELLERS,
        lambda pk, by, f: follow_up_quote(pk, f.cleaned_data["day"], by=by), form=FollowUpForm, said=_reminded,
        is_beside=True,
    ),
    Step(
        "let_stock_go", gettext_lazy("Let stock go …"), "orders.change_quote", SELLERS,
        lambda pk, by, _f: let_stock_go(pk, by=by), form=forms.Form,
        warning=gettext_lazy("The quote stays as it is; what it holds is free for others at once."),
        said=gettext_lazy("%(document)s holds no stock any more."), is_beside=True,
    ),
    Step(
        "cancel", gettext_lazy("Cancel quote …"), "orders.change_quote", SELLERS,
        lambda pk, by, _f: cancel_quote(pk, by=by), QuoteStatus.CANCELLED, forms.Form,
        gettext_lazy("There is no way back: the customer can no longer accept it."), True,
    ),
]  # fmt: skip
STEPS = {ORDERS.name: ORDER_STEPS, QUOTES.name: QUOTE_STEPS}


def step_of(kind: Kind, name: str) -> Step:
    return next(step for step in STEPS[kind.name] if step.name == name)


def offers(
    kind: Kind,
    document: Any,
    user: User,
    *,
    held_by: Sequence[HoldKind] = (),
    shut: dict[str, str],
    told: Mapping[str, str] = MappingProxyType({}),
    typed: Typed | None = None,
    off: bool = False,
    holds_stock: bool = False,
) -> list[Offer]:
    """Return the legal steps of a document; one that may not be taken is shut, with what it needs.

    `told`: what else is said before a step, by its name. `typed`: what is kept of one that was refused. `off`: some of
    its promises will not be kept as things stand. `holds_stock`: a quote does.
    """
    found: list[Offer] = []
    for step in STEPS[kind.name]:
        known = {"promise_again": off, "let_stock_go": holds_stock}
        if not (known[step.name] if step.name in known else _is_legal(step, document, held_by)):
            continue
        needs = "" if user.has_perm(step.permission) else str(step.needs)
        needs = needs or shut.get(step.name, "")
        is_beside = step.is_beside or (step.name == "accept" and document.status == QuoteStatus.EXPIRED)
        primary = not (needs or step.danger or is_beside) and not any(offer.primary for offer in found)
        form = typed.form if typed and typed.step == step.name else _form(step, document)
        warning = " ".join(filter(None, (str(step.warning), told.get(step.name))))
        found.append(Offer(step, kind.url(step.name, document.number), needs, form, primary, warning))
    return found


def _form(step: Step, document: Any, data: Any = None) -> forms.Form | None:
    """Return what the step asks for of this document."""
    if step.form is None:
        return None
    form = step.form(data, auto_id=f"{step.name}_%s")
    if isinstance(form, AcceptanceForm | SplitForm):
        form.fit(document)
    return form


def _is_legal(step: Step, document: Any, held_by: Sequence[HoldKind]) -> bool:
    if step.name == "let_go_on":
        return HoldKind.MANUAL in held_by
    if step.name == "release_credit":
        return HoldKind.CREDIT in held_by
    if step.name in ("follow_up", "alternative"):
        return document.status in OPEN
    if step.name == "why":
        return document.status in DECIDED
    if step.name == "copy":
        return bool(document.status != OrderStatus.DRAFT)
    if step.name == "close_short":
        return bool(document.status == OrderStatus.RELEASED)
    if step.name == "split":  # the page that changes the order offers it
        return False
    if step.name == "hold":
        return document.status not in ENDED and HoldKind.MANUAL not in held_by
    return bool(document.can_become(step.to))


def take(request: StaffRequest, kind: Kind, number: str, name: str, show: Show) -> HttpResponse:
    """Take a step and come back to the document's page, with what happened or why it was refused.

    What is not complete is mended on the pad, when it was sent from there; what was typed wrong at its field, on the
    document's page that `show` draws.
    """
    document, step = kind.find(request, number), step_of(kind, name)
    if not request.user.has_perm(step.permission):
        raise PermissionDenied
    form = _form(step, document, request.POST)
    if form is not None and not form.is_valid():
        return _ask_again(request, document, Typed(name, form), show)
    try:
        result = again_after_ties(lambda: step.act(document.pk, request.user, form))
    except Incomplete as refusal:
        if form is not None and put_at_fields(form, refusal):
            return _ask_again(request, document, Typed(name, form), show)
        messages.error(request, _listed(refusal))
        from_pad = "pad" in request.POST
        return HttpResponseRedirect(
            kind.url("pad", document.number) if from_pad else kind.url("change", document.pk)
        )
    except Refused as refusal:
        if form is not None and refusal.at in form.fields:
            form.add_error(refusal.at, str(refusal))
            return _ask_again(request, document, Typed(name, form), show)
        messages.error(request, str(refusal))
        return HttpResponseRedirect(_back(request, document))
    _say(request, step, result)
    return HttpResponseRedirect(_back(request, result))


def _ask_again(request: StaffRequest, document: Any, typed: Typed, show: Show) -> HttpResponse:
    """Show the document's page with the form as it was typed; where that offers the step no more, say what is wrong."""
    typed.form.fields[next(iter(typed.form.errors))].widget.attrs["autofocus"] = True
    if request.POST.get("back") != "inbox" and (page := show(document, typed)):
        return page
    label = step_of(_kind_of(document), typed.step).label
    messages.error(request, f"{label} {' '.join(_errors(typed.form))}")
    return HttpResponseRedirect(_back(request, document))


def _back(request: StaffRequest, document: Any) -> str:
    """Return to where the step was taken: the inbox, else the document's page."""
    if request.POST.get("back") == "inbox":
        return reverse("admin:orders_approvalrequest_inbox")
    return _kind_of(document).url("change", document.pk)


def _listed(refusal: Incomplete) -> str:
    """Return the problems one below the other; the pad begins there."""
    listed = ((problem.at, str(problem)) for problem in refusal.problems)
    problems = format_html_join("", '<li data-at="{}">{}</li>', listed)
    return format_html(
        '<div class="doc-refusal" tabindex="-1">{}<ul>{}</ul></div>', refusal.heading, problems
    )


def _errors(form: forms.Form) -> list[str]:
    return [f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors]


def _what_was_done(step: Step, result: Any) -> str:
    if callable(step.said):
        return step.said(result)
    told = {"document": result, "status": result.get_status_display()}
    return str(step.said or _("%(document)s is %(status)s.")) % told


def _say(request: StaffRequest, step: Step, result: Any) -> None:
    text = _what_was_done(step, result)
    if not step.to or result.status == step.to:
        messages.success(request, text)
        for warning in order_warnings(result) if step.name == "submit" else ():
            messages.warning(request, warning)
    elif isinstance(result, QUOTES.model) or step.name not in ("order", "order_some"):
        messages.warning(request, text)
    else:
        messages.success(request, _("%(document)s was made from the quote.") % {"document": result})


def _kind_of(document: Any) -> Kind:
    return ORDERS if isinstance(document, ORDERS.model) else QUOTES
