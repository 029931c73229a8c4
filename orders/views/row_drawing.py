"""Hundreds of lines stand on a pad: the template draws one of each kind, and the texts of the others are filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from inventory.templatetags.quantities import in_unit
from oms.models import Currency
from oms.templatetags.amounts import money
from orders.templatetags.documents import discounts, unit_price
from orders.views.rows import Row

TEMPLATE = "orders/_row.html"
# A text that is filled in stands between characters of no language. Only what the template wrote is looked through.
NEVER = "\0"  # stands in no text that a database holds
MARK = re.compile("\ue000([a-z_]+)\ue001")


class Look(NamedTuple):
    """What makes the rows of a kind look alike: what is there and what is not."""

    typed: bool
    quoted: bool
    discounted: bool
    shares_discount: bool


def drawn(rows: Iterable[Row], shared: Mapping[str, Any]) -> Iterator[SafeString]:
    """Yield each row as the template draws it; `shared` has what is the same for all of them."""
    looks: dict[Look, list[str]] = {}
    for row in rows:
        texts = _texts(row, shared["currency"])
        if row.problems:
            yield _by_the_template(texts, _look(row), shared, row.problems)
            continue
        look = _look(row)
        if look not in looks:
            marks = {name: mark_safe(f"\ue000{name}\ue001") for name in texts}  # noqa: S308
            looks[look] = MARK.split(_by_the_template(marks, look, shared))
        yield _filled(looks[look], texts)


def _look(row: Row) -> Look:
    return Look(
        row.line.price_was_typed,
        row.line.price_was_quoted,
        bool(row.discount),
        bool(row.line.document_discount),
    )


def _by_the_template(
    texts: Mapping[str, str], look: Look, shared: Mapping[str, Any], problems: Iterable[str] = ()
) -> SafeString:
    row = {**texts, **look._asdict(), "problems": problems}
    return mark_safe(get_template(TEMPLATE).render({**shared, "row": row}))  # noqa: S308  it escapes


def _filled(parts: list[str], texts: Mapping[str, str]) -> SafeString:
    """Put the texts where their names stand: every second part is one. They are escaped in one go."""
    filled = parts.copy()
    filled[1::2] = escape(NEVER.join([texts[name] for name in parts[1::2]])).split(NEVER)
    return mark_safe("".join(filled))  # noqa: S308  what the template wrote, and escaped texts


def _texts(row: Row, currency: Currency) -> dict[str, str]:
    line = row.line
    return {
        "pk": str(line.pk),
        "place": str(line.position),
        "entry": row.entry,
        "unit": line.unit.code,
        "unit_name": line.unit.name,
        "sku": line.product.sku,
        "name": line.product.name,
        "note": line.note,
        "quantity": row.quantity,
        "shown_quantity": in_unit(line.ordered, line.unit),
        "price": row.price,
        "shown_price": unit_price(line.unit_price, currency),
        "source": row.source or "?",
        "why": "\n".join(row.why),
        "discount": row.discount,
        "shown_discount": discounts(line) if row.discount else "",
        "mark": row.free.mark,
        "sign": row.free.sign,
        "free": row.free.text,
        "margin": row.margin,
        "amount": money(line.amount, currency),
        "part": money(line.document_discount, currency) if line.document_discount else "",
    }
