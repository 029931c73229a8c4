"""Files of what is sold to some customers only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import RestrictedSale
from customers.services.restricting_by_file import SalePlan, WantedSale, check_sales, save_sales
from oms.importing import cells
from oms.importing.columns import UNKNOWN, Row, column
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.importing.resource import SheetResource
from oms.models import User


@dataclass(slots=True, kw_only=True)
class RestrictedSaleRow(Row):
    """A product or a category, and a customer or a group that it is sold to; nobody else gets it."""

    sku: str | None = column(cells.code(60), _("of a product; or a category"), instead=UNKNOWN)
    category: str | None = column(cells.code(40), _("code of a category, with all below it"), instead=UNKNOWN)
    customer: str | None = column(
        cells.code(40), _("code of a customer, with the companies below; or a group"), instead=UNKNOWN
    )
    group: str | None = column(cells.code(40), _("code of a customer group"), instead=UNKNOWN)


class RestrictedSaleResource(SheetResource):
    """What is sold to some only, one row for each of those. Rows are added; nothing is taken away."""

    kind = "restricted-sales"
    row = RestrictedSaleRow
    model = RestrictedSale
    may_import = ("customers.add_restrictedsale",)

    def check(self, rows: Sequence[RestrictedSaleRow], problems: Problems, *, by: User | None) -> SalePlan:
        wanted = [WantedSale(row.row, row.sku, row.category, row.customer, row.group) for row in rows]
        return check_sales(wanted, problems, by=by)

    def save(self, plan: SalePlan, source: Source) -> None:
        save_sales(plan)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        columns = ("product__sku", "category__code", "customer__code", "group__code")
        yield from queryset.order_by("pk").values_list(*columns).iterator()
