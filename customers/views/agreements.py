"""The page of an agreement: what is left of it, how fast it is used, and its steps."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from customers.agreements import Pace
from customers.models import Agreement, AgreementLine
from customers.services.agreeing import (
    drop_agreement,
    end_agreement,
    propose_agreement,
    put_agreement_in_force,
    redraft_agreement,
    renew_agreement,
)
from customers.services.pacing import LinePace, paces_of, with_lines
from customers.services.restricting import closed_among
from customers.status import AgreementStatus
from customers.telling import plain
from inventory.templatetags.quantities import in_unit, in_whole_units
from inventory.views.pages import actor, page, require, told
from oms import home
from oms.company import business_day
from oms.models import User
from oms.templatetags.amounts import money, unit_price
from oms.text import clean

VIEW, CHANGE, APPROVE = (f"customers.{right}_agreement" for right in ("view", "change", "approve"))
ADD = "customers.add_agreement"
MOST_EVENTS = 20
EVENTS = {
    **{str(status): status.label for status in AgreementStatus},
    "drafted": gettext_lazy("drafted"),
    "renewal due": gettext_lazy("reminded of its renewal"),
    "imported": gettext_lazy("lines changed by a file"),
    "renewed": gettext_lazy("a draft that follows was made"),
    "call-offs set": gettext_lazy("how it is called off was set"),
    "call-offs planned": gettext_lazy("call-offs planned"),
    "call-off changed": gettext_lazy("a call-off changed"),
    "call-off skipped": gettext_lazy("a call-off skipped"),
    "call-off planned again": gettext_lazy("a call-off planned again"),
    "called off": gettext_lazy("called off"),
}
Step = Callable[[HttpRequest, Agreement], tuple[Agreement, str]]


@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an agreement: each line with what is committed, drawn and left, the orders that drew, and its steps."""
    require(request, VIEW)
    user = actor(request)
    found = Agreement.objects.visible_to(user).select_related(
        "customer", "currency", "proposed_by", "approved_by"
    )
    one = get_object_or_404(found.prefetch_related(with_lines()), pk=pk)
    (pace,) = paces_of([one], on=business_day())
    context: dict[str, Any] = {
        "original": one,
        "pace": pace,
        "rows": [_row(one) for one in pace.lines],
        "not_sold": _not_sold(one),
        "may": _may(user, one),
        "is_own": one.proposed_by_id == user.pk,
        "is_over": one.status == AgreementStatus.IN_FORCE and one.valid_to <= business_day(),
        "cards": home.about_agreement.to(user, one),
        "events": [
            (EVENTS.get(event.kind, event.kind), event)
            for event in one.events.select_related("by").order_by("-version")[:MOST_EVENTS]
        ],
    }
    return page(request, "customers/agreement.html", Agreement, str(one), **context)


def _not_sold(one: Agreement) -> list[str]:
    """Say which products are agreed that are sold to others only, unless the agreement has ended."""
    if one.status in (AgreementStatus.ENDED, AgreementStatus.DROPPED):
        return []
    skus = {line.product.pk: line.product.sku for line in one.lines.all() if line.product}
    return closed_among(one.customer_id, skus)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an agreement as text; what it does not count is empty."""

    line: AgreementLine
    price: str
    committed: str
    expected: str
    drawn: str
    left: str
    pace: Pace


def _row(one: LinePace) -> Row:
    line, pace = one.line, one.pace
    written, rounded = _written(line, in_unit), _written(line, in_whole_units)
    bounded = line.maximum is not None or line.maximum_value is not None
    left = line.left_value if line.by_value else line.left
    return Row(
        line=line,
        price=_price(line),
        committed=written(pace.committed) if pace.committed else "",
        expected=rounded(pace.expected) if pace.committed else "",
        drawn=written(pace.drawn) if line.by_value or line.unit else "",
        left=written(left) if bounded else _("no end"),
        pace=pace,
    )


def _written(line: AgreementLine, in_units: Callable[[Any, Any], Any]) -> Callable[[Any], str]:
    """Return how what a line counts is written: as money, or in the line's unit."""
    currency = line.agreement.currency
    return lambda counted: str(money(counted, currency) if line.by_value else in_units(counted, line.unit))


def _price(line: AgreementLine) -> str:
    if line.unit is None:
        return _("-%(percent)s %%") % {"percent": plain(line.percent or Decimal(0))}
    currency = line.agreement.currency
    return f"{unit_price(line.price, currency)} {currency.code} / {line.unit.name}"


def _may(user: User, one: Agreement) -> dict[str, bool]:
    """Return which steps this person can take now."""
    return {
        name: user.has_perm(needed)
        and (target is None or one.can_become(target))
        and _is_theirs(name, one, user)
        for name, (needed, target, _step) in STEPS.items()
    }


def _is_theirs(name: str, one: Agreement, user: User) -> bool:
    if name == "approve":
        return one.needs_approval and one.status == AgreementStatus.PROPOSED and one.proposed_by_id != user.pk
    if name == "put_in_force":
        return not one.needs_approval
    return name != "renew" or one.status in (AgreementStatus.IN_FORCE, AgreementStatus.ENDED)


# --- steps ------------------------------------------------------------------------------------------------------------


def _propose(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    done = propose_agreement(one.pk, by=actor(request))
    return done, _("%(agreement)s waits for somebody else to put it in force.")


def _redraft(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    return redraft_agreement(one.pk, by=actor(request)), _("%(agreement)s is a draft again.")


def _put_in_force(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    done = put_agreement_in_force(one.pk, by=actor(request))
    return done, _("%(agreement)s is in force; orders of its period are priced by it.")


def _end(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    done = end_agreement(one.pk, by=actor(request), reason=clean(request.POST.get("reason", "")))
    return done, _("%(agreement)s has ended; what was ordered before keeps its price.")


def _drop(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    return drop_agreement(one.pk, by=actor(request)), _("%(agreement)s is dropped.")


def _renew(request: HttpRequest, one: Agreement) -> tuple[Agreement, str]:
    done = renew_agreement(one.pk, by=actor(request))
    return done, _("%(agreement)s is a draft that follows. Change what is new, then propose it.")


STEPS: dict[str, tuple[str, AgreementStatus | None, Step]] = {
    "propose": (CHANGE, AgreementStatus.PROPOSED, _propose),
    "approve": (APPROVE, AgreementStatus.IN_FORCE, _put_in_force),
    "put_in_force": (CHANGE, AgreementStatus.IN_FORCE, _put_in_force),
    "redraft": (CHANGE, AgreementStatus.DRAFT, _redraft),
    "end": (CHANGE, AgreementStatus.ENDED, _end),
    "drop": (CHANGE, AgreementStatus.DROPPED, _drop),
    "renew": (ADD, None, _renew),
}


def _doing(name: str) -> Callable[..., HttpResponse]:
    """Return the view that takes a step of an agreement and leads to the page of what came of it."""
    needed, _target, step = STEPS[name]

    @require_POST
    def take_step(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, needed)
        one = get_object_or_404(Agreement.objects.visible_to(actor(request)), pk=pk)
        shown = [pk]

        def act() -> str:
            done, sentence = step(request, one)
            shown.append(done.pk)
            return sentence % {"agreement": done}

        told(request, act)
        return redirect("admin:customers_agreement_page", shown[-1])

    return take_step


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the page and of each step."""
    wrap = site.admin_view
    return [
        path("<int:pk>/page/", wrap(agreement), name="customers_agreement_page"),
        *(
            path(
                f"<int:pk>/{name.replace('_', '-')}/", wrap(_doing(name)), name=f"customers_agreement_{name}"
            )
            for name in STEPS
        ),
    ]
