"""The versions of a price list: what the one being made changes, and its steps into force and back."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from customers.masking import may_see_cost
from customers.models import PriceList, PriceListVersion
from customers.models.price_lists import BEING_MADE
from customers.services.comparing import comparison, seal_of
from customers.services.versions import (
    approve_version,
    draft_version,
    drop_version,
    propose_version,
    put_in_force,
    redraft_version,
    return_to_last,
)
from customers.status import VersionStatus
from inventory.views.pages import actor, page, require, told
from oms import home
from oms.api.fields import read_date
from oms.company import business_day
from oms.errors import Refused, Stale
from oms.templatetags.amounts import unit_price
from oms.text import clean

VIEW, CHANGE, APPROVE = "customers.view_pricerule", "customers.change_pricerule", "customers.approve_prices"
Step = Callable[[HttpRequest, PriceList], str]


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all versions of a list, and what the one being made changes; `?effect` reckons last year's sales too."""
    require(request, VIEW)
    seen = PriceList.objects.seen_by(actor(request))
    price_list = get_object_or_404(seen.select_related("currency"), pk=pk)
    rows = list(price_list.versions.select_related("proposed_by", "approved_by", "put_in_force_by"))
    making = next((version for version in rows if version.status in BEING_MADE), None)
    context: dict[str, Any] = {
        "original": price_list,
        "versions": rows,
        "making": making,
        "may": {name: actor(request).has_perm(needed) for name, (needed, _step) in STEPS.items()},
        "is_own": making is not None and making.proposed_by_id == actor(request).pk,
        "newest": _newest(rows),
        "today": business_day().isoformat(),
    }
    if making is not None:
        making.price_list = price_list
        context |= _changes(request, making)
    title = _("Versions of %(list)s") % {"list": price_list}
    return page(request, "customers/versions.html", PriceList, title, **context)


def _changes(request: HttpRequest, making: PriceListVersion) -> dict[str, Any]:
    asked, currency = "effect" in request.GET, making.price_list.currency
    with_cost = may_see_cost(actor(request))
    return {
        "seal": seal_of(making.pk),
        "comparison": comparison(
            making, with_cost=with_cost, write=lambda price: unit_price(price, currency)
        ),
        "cards": home.about_price_version.to(actor(request), making) if asked else [],
        "effect_asked": asked,
    }


def _newest(rows: list[PriceListVersion]) -> PriceListVersion | None:
    """Return the newest version in force, when there is one before it to return to."""
    in_force = [version for version in rows if version.status == VersionStatus.IN_FORCE]
    return next((version for version in in_force if version.in_force_to is None and len(in_force) > 1), None)


# --- steps ------------------------------------------------------------------------------------------------------------


def _seen(request: HttpRequest, price_list: PriceList) -> int:
    """Return the id of the version that the person looked at."""
    number = request.POST.get("version", "")
    known = number.isascii() and number.isdigit() and len(number) < 10
    found = price_list.versions.filter(number=int(number)).first() if known else None
    if found is None:
        raise Stale(_("Say which version of %(list)s is meant: reload the page.") % {"list": price_list})
    return found.pk


def _draft(request: HttpRequest, price_list: PriceList) -> str:
    note = clean(request.POST.get("note", ""))[:200]
    made = draft_version(price_list.pk, by=actor(request), note=note)
    return _("%(version)s is a draft. Change its prices, or import a file.") % {"version": made}


def _propose(request: HttpRequest, price_list: PriceList) -> str:
    version = propose_version(_seen(request, price_list), by=actor(request))
    return _("%(version)s waits for somebody else to approve it.") % {"version": version}


def _approve(request: HttpRequest, price_list: PriceList) -> str:
    seal = request.POST.get("seal", "")
    version = approve_version(_seen(request, price_list), by=actor(request), seal=seal)
    return _("%(version)s is approved.") % {"version": version}


def _redraft(request: HttpRequest, price_list: PriceList) -> str:
    version = redraft_version(_seen(request, price_list), by=actor(request))
    return _("%(version)s is a draft again.") % {"version": version}


def _drop(request: HttpRequest, price_list: PriceList) -> str:
    version = drop_version(_seen(request, price_list))
    return _("%(version)s is dropped.") % {"version": version}


def _put_in_force(request: HttpRequest, price_list: PriceList) -> str:
    seen, seal = _seen(request, price_list), request.POST.get("seal", "")
    version = put_in_force(seen, since=_day(request), by=actor(request), seal=seal)
    told_of = {"version": version, "day": version.in_force_from}
    return _("%(version)s holds from %(day)s on.") % told_of


def _return(request: HttpRequest, price_list: PriceList) -> str:
    version = return_to_last(_seen(request, price_list))
    return _("%(version)s holds again.") % {"version": version}


def _day(request: HttpRequest) -> date:
    try:
        return read_date(request.POST.get("since", ""))
    except ValueError as mistake:
        raise Refused(str(mistake)) from mistake


STEPS: dict[str, tuple[str, Step]] = {
    "draft": (CHANGE, _draft),
    "propose": (CHANGE, _propose),
    "approve": (APPROVE, _approve),
    "redraft": (CHANGE, _redraft),
    "drop": (CHANGE, _drop),
    "put_in_force": (CHANGE, _put_in_force),
    "return": (CHANGE, _return),
}


def _doing(name: str) -> Callable[..., HttpResponse]:
    """Return the view that takes a step of a list's versions and leads back to them."""
    needed, step = STEPS[name]

    @require_POST
    def take_step(request: HttpRequest, pk: int) -> HttpResponse:
        require(request, needed)
        price_list = get_object_or_404(PriceList.objects.seen_by(actor(request)), pk=pk)
        told(request, lambda: step(request, price_list))
        return redirect("admin:customers_pricelist_versions", pk)

    return take_step


def addresses(site: admin.AdminSite) -> list[URLPattern]:
    """Return the addresses of the page and of each step."""
    wrap = site.admin_view
    return [
        path("<int:pk>/versions/", wrap(versions), name="customers_pricelist_versions"),
        *(
            path(f"<int:pk>/{name}/", wrap(_doing(name)), name=f"customers_pricelist_{name}")
            for name in STEPS
        ),
    ]
