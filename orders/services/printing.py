"""What stands on the papers for customers, in the active language: quote, confirmation, pro-forma."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inventory.templatetags.quantities import in_unit
from oms.company import zone_of
from oms.models import Company
from oms.money import round_half_up
from oms.paper import Column, Letterhead, Paper
from oms.templatetags.amounts import money, unit_price
from orders.models import Order, OrderEvent, Quote, QuoteVersion
from orders.services.sums import sums_of, tax_note_of
from orders.status import PaperKind


def lines_of(document: Order | QuoteVersion) -> list[Any]:
    """Return the lines that a paper has, as they stand."""
    lines: Any = document.lines
    return list(lines.filter(ordered__gt=0).select_related("product", "unit").order_by("position"))


def quote_paper(quote: Quote, version: QuoteVersion, company: Company | None) -> Paper:
    assert version.sent_at is not None  # noqa: S101  only what was sent is printed
    return Paper(
        language=get_language() or settings.LANGUAGE_CODE,
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
        **_table(lines_of(version), quote, version),
        notes=[tax_note_of(version)],
    )


def confirmation_paper(order: Order, event: OrderEvent, company: Company | None) -> Paper:
    return Paper(
        language=get_language() or settings.LANGUAGE_CODE,
        title=str(PaperKind.CONFIRMATION.label),
        number=f"{order.number}-C{event.version}",
        letterhead=letterhead_of(company),
        addressee=order.bill_to.lines(home_of(company)),
        facts=_order_facts(order, event.at, company, _("Confirmation"), f"{order.number}-C{event.version}"),
        **_table(lines_of(order), order, order),
        notes=[
            _("Thank you for your order, which we confirm as written here."),
            tax_note_of(order),
        ],
    )


def proforma_paper(order: Order, lines: Sequence[Any], number: str, company: Company | None) -> Paper:
    return Paper(
        language=get_language() or settings.LANGUAGE_CODE,
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
