"""Two versions of a quote side by side: which lines came, went or changed, and what that comes to."""

from typing import Any

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from orders.differing import Kind, differences
from orders.models import Quote, QuoteVersion
from orders.status import QuoteStatus
from orders.views.kinds import Kind as DocumentKind
from orders.views.kinds import StaffRequest


def compare(request: StaffRequest, kind: DocumentKind, number: str, context: dict[str, Any]) -> HttpResponse:
    """Show what differs between two versions; without a choice between the last two."""
    quote: Quote = kind.find(request, number)
    versions = {version.number: version for version in quote.versions.order_by("number")}
    new = _chosen(request, "new", versions, quote.version_number)
    old = _chosen(request, "old", versions, max(1, new.number - 1))
    found = differences(_lines(old), _lines(new))
    context |= {
        "kind": kind,
        "document": quote,
        "title": _("Versions of %(quote)s") % {"quote": quote},
        "old": old,
        "new": new,
        "versions": versions.values(),
        "differences": [one for one in found if one.kind != Kind.SAME],
        "same": sum(1 for one in found if one.kind == Kind.SAME),
        "amount": new.total - old.total,
        "page_url": kind.url("change", quote.pk),
        **_ways_on(request, kind, quote, new),
    }
    return TemplateResponse(request, "orders/compare.html", context)


def _ways_on(request: StaffRequest, kind: DocumentKind, quote: Quote, shown: QuoteVersion) -> dict[str, str]:
    """Return what can be done next with the draft that is looked at."""
    if quote.status != QuoteStatus.DRAFT or shown.number != quote.version_number:
        return {}
    user = request.user
    may_edit, may_send = user.has_perm("orders.change_quote"), user.has_perm(kind.go_on_permission)
    return {
        "pad_url": kind.url("pad", quote.number) if may_edit else "",
        "go_on_url": kind.url(kind.go_on, quote.number) if may_send else "",
    }


def _chosen(request: StaffRequest, name: str, versions: dict[int, QuoteVersion], usual: int) -> QuoteVersion:
    text = request.GET.get(name, str(usual))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if number not in versions:
        raise Http404
    return versions[number]


def _lines(version: QuoteVersion) -> list[Any]:
    return list(version.lines.select_related("product", "unit").order_by("position"))
