"""How orders and quotes are told on their pages."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oms.documents import DocumentEvent
from oms.models import Currency
from oms.money import decimals_of
from oms.shown import grouped, short_day
from oms.templatetags.amounts import money
from orders.models.lines import PricedLine
from orders.models.totals import Totals
from orders.views.pages import event_word

register = template.Library()
MOST_TOLD = 10
TONES = {
    "draft": "info", "submitted": "warn", "waiting": "warn", "confirmed": "main", "released": "main", "sent": "main",
    "accepted": "good", "ordered": "good", "completed": "good", "approved": "good", "declined": "bad",
    "rejected": "bad", "cancelled": "bad", "pending": "warn",
}  # fmt: skip

register.filter("event_word", event_word)
register.filter("short_day", short_day)


@register.filter
def tone(status: str) -> str:
    """Return the colour class of a state; the word stands beside it always."""
    return TONES.get(status, "calm")


@register.filter
def what_changed(event: DocumentEvent) -> list[str]:
    """Return which lines and which day a change of a confirmed order made different, without prices."""
    if event.kind != "changed":
        return []
    lines = event.detail.get("lines", [])
    told = [" ".join([line["sku"], *_ends(line["wanted"])]) for line in lines[:MOST_TOLD]]
    told += ["…"] * (len(lines) > MOST_TOLD)
    if day := event.detail.get("requested_on"):
        told.append(" ".join([_("needed by"), *_ends([date_format(date.fromisoformat(end)) for end in day])]))
    return told


@register.filter
def as_typed(moment: datetime | str | None) -> str:
    """Return a moment as a field of date and time takes it: the first whole second at which it had come."""
    if not isinstance(moment, datetime):
        return moment or ""
    whole = moment.replace(microsecond=0)
    return timezone.localtime(whole + timedelta(seconds=whole < moment)).strftime("%Y-%m-%dT%H:%M:%S")


def _ends(ends: list[str]) -> list[str]:
    return ["+", ends[1]] if not ends[0] else [ends[0], "→", ends[1]]


@register.filter
def unit_price(price: Decimal | None, currency: Currency) -> str:
    """Return a price with the decimals of its currency, or with more where it has them."""
    if price is None:
        return "-"
    return grouped(price, decimals_of(price, currency.exponent))


@register.filter
def discounts(line: PricedLine) -> str:
    """Return a line's discounts, each where there are several: 10 % + 10 %."""
    return " + ".join(f"{trimmed(one)} %" for one in line.discounts)


@register.filter
def discount_on_all(totalled: Totals, currency: Currency) -> str:
    """Return the discount that is agreed for all of a document, nothing for none."""
    if totalled.discount_percent:
        return f"{trimmed(totalled.discount_percent)} %"
    return money(totalled.discount_amount, currency) if totalled.discount_amount else ""


@register.filter
def trimmed(number: Decimal | None) -> str:
    """Return a number without idle zeros, nothing for None."""
    return "" if number is None else grouped(number.normalize())
