"""A document as it was at a moment of its past, what has changed from there to another, and by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.telling import in_currency
from oms.company import company_of
from oms.models import User
from oms.moments import read_moment
from orders.errors import NotRemembered
from orders.masking import hold_reason_for, may_see_prices, step_reason_for
from orders.models import Order
from orders.services.added import Added, added_to
from orders.services.costing import frozen_rate
from orders.services.deciding import turns_among
from orders.services.remembering import (
    Document,
    Then,
    document_at,
    moment_at,
    moment_of_event,
    moments_of,
    require_seen,
)
from orders.services.retelling import Told, last_changes, moments_told
from orders.services.sums import Under, sums_under
from orders.status import OrderStatus
from orders.views.additions import additions
from orders.views.besides import shown_beside
from orders.views.differences import Reader, differences
from orders.views.kinds import Kind, StaffRequest
from orders.views.rows import Costing, costing_for, margin_percent, whys

MOST_MOMENTS = 200
MOST_DIGITS = 18


def past(request: StaffRequest, kind: Kind, number: str, context: dict[str, Any]) -> HttpResponse:
    """Show how a document was and what has changed since, or until another moment; without a choice its moments."""
    document = kind.find(request, number)
    told = moments_told(document)
    context |= {
        "kind": kind,
        "document": document,
        "title": str(document),
        "page_url": kind.url("change", document.pk),
        "moments": _with_before(told)[: -MOST_MOMENTS - 1 : -1],
        "asked": {name: request.GET.get(name, "")[:40] for name in ("at", "until")},
        "may_see_prices": may_see_prices(request.user),
        "first": None,
    }
    try:
        context |= _between(request, kind, document, told)
    except NotRemembered as refusal:
        context["refusal"] = str(refusal)
    return TemplateResponse(request, "orders/past.html", context)


def _with_before(told: Sequence[Told]) -> list[tuple[Told, Told | None]]:
    """Return each moment with the one before it."""
    return list(zip(told, [None, *told], strict=False))


def _between(request: StaffRequest, kind: Kind, document: Document, told: Sequence[Told]) -> dict[str, Any]:
    first = _moment(request, document, "at", "moment")
    if first is None:
        return {}
    asked = _moment(request, document, "until", "until_moment")
    last = asked or (told[-1].moment if told else first)
    if _key(last) < _key(first):
        raise NotRemembered(_("The second moment is before the first."))
    old = document_at(document, first)
    new = document_at(document, last)
    require_seen(request.user, old, new)
    within = [one for one in told if _key(first) < _key(one.moment) <= _key(last)]
    added = added_to(document, request.user)
    before = added.until(_instant(request, "at", first))
    after = added.until(_instant(request, "until", last)) if asked else added
    decided = {one.step_id: one for one in after.decisions}
    reader = Reader(request.user, document.currency, last_changes(document, within), decided)
    return {
        "then": old,
        "first": first,
        "last": last,
        "until_now": not told or _key(last) == _key(told[-1].moment),
        "differences": [
            *differences(old, new, reader),
            *additions(before, after, document.currency),
        ],
        **_page(request, old),
        **_beside(request.user, kind, old, before),
    }


def _instant(request: StaffRequest, by_time: str, moment: Any) -> datetime:
    """Return the time that was asked for, which may be after the last moment by then."""
    text = request.GET.get(by_time, "").strip()
    return _read(text) if text else moment.at


def _beside(user: User, kind: Kind, then: Then, added: Added) -> dict[str, Any]:
    """Return what the template shows of what had been added, and of who had decided what."""
    decided = {one.step_id: one for one in added.decisions}
    prefetch_related_objects(then.steps, "rule", "approvers")
    deciders = sorted(then.deciders, key=lambda one: one.position)
    return {
        **shown_beside(user, kind, then.document, added.files, added.notes),
        "steps": [(step, step_reason_for(user, step), decided.get(step.pk)) for step in then.steps],
        "turns": turns_among(then.totalled, deciders, added.consents) if deciders else [],
        "deciding": then.totalled.get_deciding_display() if deciders else "",
        "counter_offers": added.counter_offers,
    }


def _key(moment: Any) -> tuple[datetime, int]:
    return moment.at, moment.pk


def _moment(request: StaffRequest, document: Document, by_time: str, by_key: str) -> Any:
    """Return the moment that is asked for by a time, by an event of the history, or by its key; None when none is."""
    if text := request.GET.get(by_time, "").strip():
        return moment_at(document, _read(text))
    if text := request.GET.get("event", "") if by_time == "at" else "":
        return moment_of_event(document, _whole(text))
    if text := request.GET.get(by_key, ""):
        found = moments_of(document).filter(pk=_whole(text)).first()
        if found is None:
            raise Http404
        return found
    return None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise Http404
    return int(text)


def _read(text: str) -> datetime:
    """Read a moment in the company's zone. Raise NotRemembered for what is none."""
    moment = read_moment(text)
    if moment is None:
        raise NotRemembered(_("“%(text)s” is no moment; write 2026-11-24 14:05.") % {"text": text[:40]})
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _costing(request: StaffRequest, then: Then) -> Costing | None:
    """Return how margins of then are reckoned: by the rate its prices were frozen with, if they were."""
    costing, company = costing_for(request.user, then.document, then.totalled.lines), company_of(request)
    if costing is None or company is None or company.currency_id == then.document.currency_id:
        return costing
    frozen = frozen_rate((line.trace for line in then.lines), company.currency_id)
    return costing if frozen is None else costing._replace(rate=frozen)


def _page(request: StaffRequest, then: Then) -> dict[str, Any]:
    """Return what the template of the lines and the sums under them wants to know."""
    user, totalled = request.user, then.totalled
    lines = sorted(then.lines, key=lambda line: line.position)
    is_order = isinstance(then.document, Order)
    prefetch_related_objects(lines, "product", "unit", *(["warehouse"] if is_order else []))
    prefetch_related_objects(then.charged, "kind")
    costing = _costing(request, then)
    write = in_currency(then.document.currency)
    told = whys(lines, user, costing, write) if may_see_prices(user) else []
    for place, line in enumerate(lines):
        line.why = told[place] if told else []
        line.margin_percent = margin_percent(line, costing) if costing else None
    sums = sums_under(Under(totalled, then.charged, then.taxes))
    return {
        "lines": lines,
        "margin": costing is not None,
        "buckets": is_order and then.document.status not in (OrderStatus.DRAFT, OrderStatus.SUBMITTED),
        "any_discount_percent": any(line.discount_percent for line in lines),
        "any_cancelled": any(getattr(line, "cancelled", 0) for line in lines),
        "sums": sums,
        "total": sums[-1],
        "tax_note": totalled.tax_note,
        "holds": [(hold, hold_reason_for(user, hold)) for hold in then.holds if hold.released_at is None],
    }
