"""Papers for customers are made once, from what stands there, and kept as they went out.

Drawing takes its time, so no lock is held meanwhile: who comes second finds the paper of who was first, and what was
overtaken while it was drawn is not kept.
"""

from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from oms.errors import Refused
from oms.languages import in_language_of
from oms.models import Company, User
from oms.paper import Paper, as_pdf, unprintable
from oms.rows import lock_row
from orders.models import CONFIRMS, IssuedDocument, Order, OrderEvent, Quote, QuoteEvent, QuoteVersion
from orders.services.printing import confirmation_paper, lines_of, proforma_paper, quote_paper
from orders.status import OrderStatus, PaperKind

SHOWN = 10  # places, and characters of each


class NothingToIssue(Refused):
    """The document is not where such a paper can be made."""

    code = "nothing_to_issue"


class Overtaken(NothingToIssue):
    """What the paper would say does not stand any more, since a moment ago."""

    def __init__(self, document: Order | Quote) -> None:
        super().__init__(
            _("%(document)s was changed or cancelled just now. Reload the page to see how it stands.")
            % {"document": document}
        )


class CannotPrint(Refused):
    """Our fonts lack what stands on the paper; kept for good, it would show empty boxes."""

    code = "cannot_print"

    def __init__(self, number: str, places: Sequence[tuple[str, str]]) -> None:
        what = "; ".join(
            _("“%(characters)s” in %(place)s") % {"characters": characters[:SHOWN], "place": where}
            for where, characters in places[:SHOWN]
        )
        super().__init__(
            _("%(number)s cannot be printed: %(what)s. Papers have Latin, Greek, Cyrillic, Hebrew, Arabic, "
              "Chinese, Japanese and Korean letters. Write it in these where it is kept, then issue the paper again.")
            % {"number": number, "what": what}
        )  # fmt: skip


def issue_quote(quote_id: int, *, by: User | None) -> IssuedDocument:
    """Return the paper of the quote's version sent last, made now unless it is there."""
    quote = _quote(quote_id)
    version = quote.versions.filter(sent_at__isnull=False).order_by("-number").first()
    if version is None:
        raise NothingToIssue(
            _("%(quote)s has not been sent, so there is nothing to print. Send it first.") % {"quote": quote}
        )
    return _issue_version(quote, version, by=by)


def _issue_version(quote: Quote, version: QuoteVersion, *, by: User | None) -> IssuedDocument:
    kept = {"kind": PaperKind.QUOTE, "quote_version": version, "source": f"version {version.pk}"}
    return _made_once(kept, lambda: _spoken(quote.customer, partial(quote_paper, quote, version)), by=by)


def issue_confirmation(order_id: int, *, by: User | None) -> IssuedDocument:
    """Return the paper of the order's last confirmation, made now unless it is there."""
    order = _order(order_id)
    event = order.events.filter(CONFIRMS).order_by("-version").first()
    if event is None or order.status == OrderStatus.CANCELLED:
        raise NothingToIssue(
            _("%(order)s is %(status)s, so there is no confirmation of it. Confirm it first.")
            % {"order": order, "status": order.get_status_display()}
        )
    return _issue_confirmed(order, event, by=by)


def _issue_confirmed(order: Order, event: OrderEvent, *, by: User | None) -> IssuedDocument:
    kept = {"kind": PaperKind.CONFIRMATION, "order": order, "source": f"event {event.pk}"}
    return _made_once(
        kept, lambda: _spoken(order.customer, partial(confirmation_paper, order, event)), by=by, of=event
    )


def issue_proforma(order_id: int, *, by: User | None) -> IssuedDocument:
    """Return a pro-forma invoice of the order as it stands; what has not changed today is not made again."""
    order = _order(order_id)
    lines = lines_of(order)
    _require_priced(order, lines)
    serial = 1 + IssuedDocument.objects.filter(order=order, kind=PaperKind.PROFORMA).count()
    paper = _spoken(order.customer, partial(proforma_paper, order, lines, f"{order.number}-P{serial}"))
    kept = {"kind": PaperKind.PROFORMA, "order": order, "source": _fingerprint(paper)}
    return _made_once(kept, lambda: paper, by=by)


def _require_priced(order: Order, lines: Sequence[Any]) -> None:
    if order.status == OrderStatus.CANCELLED or not lines:
        raise NothingToIssue(
            _("%(order)s has nothing to pay for. Add lines first, or make a new order.") % {"order": order}
        )
    if bare := [str(line.position) for line in lines if line.unit_price is None]:
        raise NothingToIssue(
            _("%(order)s has no price in line %(lines)s. Give each line its price first.")
            % {"order": order, "lines": ", ".join(bare[:10])}
        )


def paper_for_order_event(event: OrderEvent) -> IssuedDocument | None:
    """Return the paper that goes with the letter about this event, the same each time; None where there is none.

    What has been overtaken has none: it would be drawn as the order stands now, and be kept for ever. Raise Overtaken
    when it was while the paper was drawn.
    """
    if not (event.confirms or event.is_change_agreed) or event.is_overtaken:
        return None
    return _issue_confirmed(_order(event.document_id), event, by=None)


def paper_for_quote_event(event: QuoteEvent) -> IssuedDocument | None:
    """Return the paper of the version that this event sent; None for every other event, and when it is out no more.

    A version that was sent stays as it is, so its paper is right whatever becomes of the quote meanwhile.
    """
    if not event.offers or event.is_overtaken:
        return None
    quote = _quote(event.document_id)
    version = quote.versions.get(number=event.detail.get("version", quote.version_number))
    return _issue_version(quote, version, by=None)


def _spoken(customer: Customer, draw: Callable[[Company | None], Paper]) -> Paper:
    """Return what stands on a paper in the customer's language."""
    company = Company.objects.first()
    with in_language_of(customer.language, company):
        return draw(company)


def _made_once(
    kept: dict[str, Any], paper: Callable[[], Paper], *, by: User | None, of: OrderEvent | None = None
) -> IssuedDocument:
    """Return the paper made before from the same, else keep it now; Overtaken when it is `of` what is so no more."""
    same = IssuedDocument.objects.filter(kind=kept["kind"], source=kept["source"])
    if found := same.first():
        return found
    drawn = paper()
    if places := unprintable(drawn):
        raise CannotPrint(drawn.number, places)
    content = as_pdf(drawn)
    try:
        with transaction.atomic():
            if of is not None:
                _require_standing(of)
            return IssuedDocument.objects.create(
                **kept,
                number=drawn.number,
                content=content,
                sha256=sha256(content).hexdigest(),
                created_by=by,
            )
    except IntegrityError:
        if found := same.first():
            return found
        raise NothingToIssue(
            _("%(number)s was made by somebody else just now. Reload the page to see it.")
            % {"number": drawn.number}
        ) from None


def _require_standing(event: OrderEvent) -> None:
    """Hold the order of the event, and raise Overtaken when what it tells does not stand any more."""
    order = lock_row(Order, event.document_id)
    if event.is_overtaken:
        raise Overtaken(order)


def _fingerprint(paper: Paper) -> str:
    """Return what tells one paper from another, whatever their number."""
    said = (paper.letterhead, paper.addressee, paper.facts[1:], paper.columns, paper.rows, paper.totals)
    return sha256(repr((said, paper.notes)).encode()).hexdigest()


def _quote(quote_id: int) -> Quote:
    return Quote.objects.select_related("customer__payment_terms", "currency", "ship_to").get(pk=quote_id)


def _order(order_id: int) -> Order:
    joined = ("customer", "currency", "ship_to", "bill_to", "payment_terms")
    return Order.objects.select_related(*joined).get(pk=order_id)
