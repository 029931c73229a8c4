"""Papers for customers are made once, from what stands there, and kept as they went out.

Drawing takes its time, so no lock is held meanwhile: who comes second finds the paper of who was first, and what was
overtaken while it was drawn is not kept.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from inventory.templatetags.quantities import in_unit
from oms.company import zone_of
from oms.errors import Refused
from oms.models import Company, User
from oms.money import round_half_up
from oms.paper import Column, Letterhead, Paper, as_pdf, unprintable
from oms.rows import lock_row
from oms.templatetags.amounts import money, unit_price
from orders.models import CONFIRMS, IssuedDocument, Order, OrderEvent, Quote, QuoteEvent, QuoteVersion
from orders.services.sums import sums_of, tax_note_of
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
    return _made_once(kept, lambda: _quote_paper(quote, version), by=by)


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
    return _made_once(kept, lambda: _confirmation_paper(order, event), by=by, of=event)


def issue_proforma(order_id: int, *, by: User | None) -> IssuedDocument:
    """Return a pro-forma invoice of the order as it stands; what has not changed today is not made again."""
    order = _order(order_id)
    lines = _lines(order)
    _require_priced(order, lines)
    serial = 1 + IssuedDocument.objects.filter(order=order, kind=PaperKind.PROFORMA).count()
    paper = _proforma_paper(order, lines, f"{order.number}-P{serial}")
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


def _lines(document: Order | QuoteVersion) -> list[Any]:
    lines: Any = document.lines
    return list(lines.filter(ordered__gt=0).select_related("product", "unit").order_by("position"))


def _quote_paper(quote: Quote, version: QuoteVersion) -> Paper:
    assert version.sent_at is not None  # noqa: S101  only what was sent is printed
    company = Company.objects.first()
    return Paper(
        title=str(PaperKind.QUOTE.label),
        number=str(version),
        letterhead=letterhead_of(company),
        addressee=quote.ship_to.lines(home_of(company)),
        facts=_facts(
            (_("Quote"), str(version)),
            (_("Date"), _day(version.sent_at, company)),
            (_("Valid until"), date_format(version.last_day)),
            (_("Customer"), quote.customer.code),
            (_("Your order"), quote.customer_po),
            (_("Payment"), quote.customer.payment_terms.name),
        ),
        **_table(_lines(version), quote, version),
        notes=[tax_note_of(version)],
    )


def _confirmation_paper(order: Order, event: OrderEvent) -> Paper:
    company = Company.objects.first()
    return Paper(
        title=str(PaperKind.CONFIRMATION.label),
        number=f"{order.number}-C{event.version}",
        letterhead=letterhead_of(company),
        addressee=order.bill_to.lines(home_of(company)),
        facts=_order_facts(order, event.at, company, _("Confirmation"), f"{order.number}-C{event.version}"),
        **_table(_lines(order), order, order),
        notes=[
            _("Thank you for your order, which we confirm as written here."),
            tax_note_of(order),
        ],
    )


def _proforma_paper(order: Order, lines: Sequence[Any], number: str) -> Paper:
    company = Company.objects.first()
    return Paper(
        title=str(PaperKind.PROFORMA.label),
        number=number,
        letterhead=letterhead_of(company),
        addressee=order.bill_to.lines(home_of(company)),
        facts=_order_facts(order, timezone.now(), company, _("Pro-forma"), number),
        **_table(lines, order, order),
        notes=[
            _("This is no invoice: it asks for nothing and no tax can be claimed by it."),
            tax_note_of(order),
        ],
    )


def _order_facts(
    order: Order, at: datetime, company: Company | None, label: str, number: str
) -> list[tuple[str, str]]:
    is_elsewhere = order.ship_to_id != order.bill_to_id
    ship_to = ", ".join(order.ship_to.lines(home_of(company))) if is_elsewhere else ""
    return _facts(
        (label, number),
        (_("Date"), _day(at, company)),
        (_("Our order"), order.number),
        (_("Your order"), order.customer_po),
        (_("Customer"), order.customer.code),
        (_("Needed by"), date_format(order.requested_on)),
        (_("Payment"), order.payment_terms.name),
        (_("Goods go to"), ship_to),
    )


def _facts(*facts: tuple[str, str]) -> list[tuple[str, str]]:
    return [(label, value) for label, value in facts if value]


def _table(lines: Sequence[Any], document: Order | Quote, totalled: Order | QuoteVersion) -> dict[str, Any]:
    """Return columns, rows and totals; columns that would be empty are left out."""
    discounts = any(line.discount_percent for line in lines)
    promises = any(getattr(line, "promised_on", None) for line in lines)
    columns = [Column("#", is_number=True), Column(_("Product"))]
    columns += [Column(_("Delivery"), is_number=True)] if promises else []
    columns += [Column(_("Quantity"), is_number=True), Column(_("Price"), is_number=True)]
    columns += [Column(_("Discount"), is_number=True)] if discounts else []
    columns.append(Column(_("Amount"), is_number=True))
    return {
        "columns": columns,
        "rows": [_row(line, document, discounts=discounts, promises=promises) for line in lines],
        "totals": [(one.label, money(one.amount, document.currency)) for one in sums_of(totalled)],
    }


def _row(line: Any, document: Order | Quote, *, discounts: bool, promises: bool) -> list[str]:
    currency = document.currency
    discount = " + ".join(f"{number_format(one.normalize())} %" for one in line.discounts)
    amount = round_half_up(line.amount, currency.exponent)
    return [
        str(line.position),
        "\n".join(filter(None, (f"{line.product.sku}  {line.product.name}", line.note))),
        *([date_format(line.promised_on) if line.promised_on else ""] if promises else []),
        f"{in_unit(line.wanted, line.unit)} {line.unit.name}",
        unit_price(line.unit_price, currency),
        *([discount] if discounts else []),
        number_format(amount, currency.exponent, force_grouping=True),
    ]


def home_of(company: Company | None) -> str:
    """Return the country that the addresses on our papers do not name."""
    return company.country if company else ""


def letterhead_of(company: Company | None) -> Letterhead:
    """Return who we are, as it stands on every paper."""
    if company is None:
        return Letterhead(name="OMS")
    place = f"{company.postal_code} {company.city}".strip()
    bank = " · ".join(part for part in (company.bank_name, company.iban, company.bic) if part)
    vat = _("VAT number %(number)s") % {"number": company.vat_number} if company.vat_number else ""
    where = " · ".join(part for part in (company.street, place, company.country) if part)
    return Letterhead(
        name=company.name,
        lines=[company.street, f"{place} {company.country}".strip(), company.phone, company.email],
        footer=[" · ".join(part for part in (company.name, where) if part), bank, vat],
        logo=_logo_of(company),
    )


def _logo_of(company: Company) -> bytes | None:
    if not company.logo:
        return None
    try:
        with company.logo.open("rb") as file:
            return bytes(file.read())
    except OSError:
        return None


def _day(moment: datetime, company: Company | None) -> str:
    day: date = moment.astimezone(zone_of(company)).date()
    return date_format(day)
