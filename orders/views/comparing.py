"""Two versions of a quote side by side: what differs above the lines, which lines do, and what that comes to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from orders.differing import Kind, differences
from orders.models import Quote, QuoteVersion
from orders.services.sums import sums_of
from orders.status import QuoteStatus
from orders.templatetags.documents import discount_on_all
from orders.views.kinds import Kind as DocumentKind
from orders.views.kinds import StaffRequest


class Beside(NamedTuple):
    """What the old version and the new one say of the same."""

    label: str
    old: Any
    new: Any

    @property
    def amount(self) -> Decimal:
        """How much more the new one says it comes to."""
        return Decimal((self.new or 0) - (self.old or 0))


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
        "terms": [one for one in _terms(old, new) if one.old != one.new],
        "sums": list(_sums(old, new)),
        "page_url": kind.url("change", quote.pk),
        **_ways_on(request, kind, quote, new),
    }
    return TemplateResponse(request, "orders/compare.html", context)


def _terms(old: QuoteVersion, new: QuoteVersion) -> Iterator[Beside]:
    """Return what stands above the lines of both, in words."""
    currency = new.quote.currency
    yield Beside(_("Valid until"), date_format(old.last_day), date_format(new.last_day))
    yield Beside(_("Discount on all"), discount_on_all(old, currency), discount_on_all(new, currency))
    yield Beside(_("Who has to accept"), _who_decides(old), _who_decides(new))
    yield Beside(_("Tax"), old.tax_note, new.tax_note)


def _who_decides(version: QuoteVersion) -> str:
    names = ", ".join(decider.name for decider in version.deciders.all())
    return f"{version.get_deciding_display()}: {names}" if names else ""


def _sums(old: QuoteVersion, new: QuoteVersion) -> Iterator[Beside]:
    """Return what stands under the lines of both, the totals last; what one of them has alone, too."""
    olds, news = _parts(old), _parts(new)
    if olds or news:
        yield Beside(_("Goods"), old.goods, new.goods)
    labels = list(news)
    for place, label in enumerate(olds):  # what only the old one has stands where it stood
        if label not in news:
            labels.insert(place, label)
    for label in labels:
        yield Beside(label, olds.get(label), news.get(label))
    yield Beside(_("Total"), old.total, new.total)


def _parts(version: QuoteVersion) -> dict[str, Decimal]:
    """Return the sums between the goods and the total, by what they are of."""
    return {one.label: one.amount for one in sums_of(version)[1:-1]}


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
