"""The lines that are edited when a document is: those of a draft order, or of a quote's version in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from oms.company import business_day
from orders.models import Order, Quote, QuoteVersion
from orders.services.capturing import add_lines
from orders.services.pricing import Buyer, PricedInput
from orders.services.quoting import add_quote_lines, version_in_force


def buyer_of(document: Order | Quote, day: date) -> Buyer:
    """Return for whom the lines of a document are priced on that day."""
    return Buyer(document.customer, document.currency, day, document.ship_to_id)


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """The lines of a draft order."""

    document: Order

    @property
    def totalled(self) -> Order:
        return self.document

    @property
    def lines(self) -> Any:
        return self.document.lines

    @property
    def buyer(self) -> Buyer:
        return buyer_of(self.document, self.document.ordered_on)

    def add(self, lines: Sequence[PricedInput], *, positions: Sequence[int]) -> list[int]:
        return add_lines(self.document, lines, positions=positions)

    def write_header(self, values: Mapping[str, Any]) -> None:
        """Write the header; a new warehouse holds for every line."""
        if values:
            Order.objects.filter(pk=self.document.pk).update(**values)
        if warehouse := values.get("warehouse_id"):
            self.document.warehouse_id = warehouse
            self.lines.update(warehouse=warehouse)


@dataclass(frozen=True, slots=True)
class QuoteSheet:
    """The lines of a quote's version in force."""

    document: Quote
    version: QuoteVersion

    @property
    def totalled(self) -> QuoteVersion:
        return self.version

    @property
    def lines(self) -> Any:
        return self.version.lines

    @property
    def buyer(self) -> Buyer:
        return buyer_of(self.document, business_day())

    def add(self, lines: Sequence[PricedInput], *, positions: Sequence[int]) -> list[int]:
        return add_quote_lines(self.version, lines, positions=positions)

    def write_header(self, values: Mapping[str, Any]) -> None:
        if values:
            Quote.objects.filter(pk=self.document.pk).update(**values)


Sheet = OrderSheet | QuoteSheet


def sheet_of(document: Order | Quote) -> Sheet:
    """Return the lines that are edited when the document is."""
    if isinstance(document, Order):
        return OrderSheet(document)
    return QuoteSheet(document, version_in_force(document))
