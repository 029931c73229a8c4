"""Hand customers over to another rep or team: what comes along is shown before."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from customers.models import Customer, SalesTeam
from customers.services.handing_over import HandOver, hand_over_customers
from oms.contention import again_after_ties
from oms.errors import Refused
from oms.models import User
from oms.text import clean
from orders.models import Order, Quote
from orders.services.handing_over import hand_over_with_drafts
from orders.status import IN_WORK, OrderStatus, QuoteStatus
from orders.views.kinds import StaffRequest

MOST_CHOSEN = 200
MOST_NAMED = 20
OPEN_QUOTES = [QuoteStatus.DRAFT, QuoteStatus.WAITING, QuoteStatus.SENT, QuoteStatus.ACCEPTED]


class HandOverForm(forms.Form):
    """To whom, and why."""

    rep = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label=gettext_lazy("Sales rep"),
        required=False,
        empty_label=gettext_lazy("as it is"),
        widget=UnfoldAdminSelectWidget(),
    )
    team = forms.ModelChoiceField(
        queryset=SalesTeam.objects.none(),
        label=gettext_lazy("Team"),
        required=False,
        empty_label=gettext_lazy("as it is"),
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget()
    )
    drafts = forms.BooleanField(
        label=gettext_lazy("their drafts go along to the new rep"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["rep"]
        people.queryset = User.objects.filter(is_staff=True, is_active=True).order_by("username")
        teams: Any = self.fields["team"]
        teams.queryset = SalesTeam.objects.order_by("name")

    def meant(self) -> HandOver:
        """Return what was filled in. The form is valid."""
        found = self.cleaned_data
        return HandOver(clean(found["reason"]), found["rep"], found["team"])


@dataclass(frozen=True, slots=True)
class Preview:
    """What is handed over: how many customers, the first of them, and which documents are seen with them."""

    customers: int
    named: list[Customer]
    quotes: int
    drafts: int
    in_work: int


def hand_over(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    """Show what comes along and ask to whom; then hand it over."""
    if not request.user.has_perm("customers.hand_over_customers"):
        raise PermissionDenied
    chosen = _chosen(request)
    form = HandOverForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _handed_over(request, chosen, form):
        return HttpResponseRedirect(reverse("admin:customers_customer_changelist"))
    context |= {
        "title": _("Hand over customers"),
        "form": form,
        "asked": [(name, pk) for name in ("customer", "of") for pk in _ids(_asked(request).getlist(name))],
        "preview": _preview(chosen),
        "reps": _reps(request.user),
        "most": MOST_NAMED,
    }
    return TemplateResponse(request, "orders/hand_over.html", context)


def _asked(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _ids(values: Iterable[str]) -> list[int]:
    return [int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 19][:MOST_CHOSEN]


def _chosen(request: StaffRequest) -> QuerySet[Customer]:
    """Return the customers that were ticked, or all that a rep looks after, as far as the person sees them."""
    asked = _asked(request)
    reps, ticked = _ids(asked.getlist("of")), _ids(asked.getlist("customer"))
    wanted = Q(rep__in=reps) if reps else Q(pk__in=ticked)
    return Customer.objects.visible_to(request.user).filter(wanted, merged_into=None).order_by("name", "pk")


def _handed_over(request: StaffRequest, chosen: QuerySet[Customer], form: HandOverForm) -> bool:
    ids, to, drafts = list(chosen.values_list("pk", flat=True)), form.meant(), 0
    try:
        if form.cleaned_data["drafts"]:
            done, drafts = again_after_ties(partial(hand_over_with_drafts, ids, to, by=request.user))
        else:
            done = again_after_ties(partial(hand_over_customers, ids, to, by=request.user))
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    text = ngettext("%(n)d customer was handed over.", "%(n)d customers were handed over.", len(done))
    along = ngettext("%(n)d draft went along.", "%(n)d drafts went along.", drafts)
    messages.success(
        request, " ".join(one % {"n": n} for one, n in ((text, len(done)), (along, drafts)) if n)
    )
    return True


def _preview(chosen: QuerySet[Customer]) -> Preview:
    ids = chosen.order_by().values("pk")
    orders = Order.objects.filter(customer__in=ids).aggregate(
        drafts=Count("pk", filter=Q(status__in=[OrderStatus.DRAFT, OrderStatus.SUBMITTED])),
        in_work=Count("pk", filter=Q(status__in=IN_WORK)),
    )
    quotes = Quote.objects.filter(customer__in=ids, status__in=OPEN_QUOTES).count()
    named = list(chosen.select_related("rep", "team")[:MOST_NAMED])
    return Preview(chosen.count(), named, quotes, orders["drafts"], orders["in_work"])


def _reps(user: User) -> list[tuple[User, int]]:
    """Return who looks after customers that this person sees, with how many."""
    seen = Customer.objects.visible_to(user).filter(merged_into=None).exclude(rep=None).order_by()
    counts = dict(seen.values_list("rep").annotate(n=Count("pk")))
    people = User.objects.filter(pk__any_of=list(counts)).order_by("username")
    return [(rep, counts[rep.pk]) for rep in people]
