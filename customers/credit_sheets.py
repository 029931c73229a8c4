"""Files of accounting about what customers owe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import CreditAccount
from customers.models.credit import FIGURES
from customers.services.crediting import Told
from customers.services.crediting_by_file import CreditPlan, WantedFigures, check_credit, save_credit
from oms.importing import cells
from oms.importing.columns import WITHOUT_IT_NOTHING, Row, column
from oms.importing.plans import Source
from oms.importing.problems import Problems
from oms.importing.resource import SheetResource
from oms.models import User

amount = cells.decimal(places=4)


@dataclass(slots=True, kw_only=True)
class CreditRow(Row):
    """What accounting knows of one customer at the end of a day. An empty amount is 0."""

    customer: str = column(
        cells.code(40), _("code of the customer with the account"), required=True, instead=WITHOUT_IT_NOTHING
    )
    as_of: date = column(
        cells.day, _("the day at whose end this was so"), required=True, instead=WITHOUT_IT_NOTHING
    )
    currency: str | None = column(cells.code(3), _("of the amounts; that of the account"))
    receivables: Decimal = column(amount, _("open invoices"), required=True, instead=Decimal(0))
    unapplied: Decimal | None = column(amount, _("credit notes and payments not applied yet"))
    deposits: Decimal | None = column(amount, _("held for orders"))
    overdue: Decimal | None = column(amount, _("of the receivables"))
    overdue_since: date | None = column(cells.day, _("the day the oldest of it was due"))


class CreditResource(SheetResource):
    """What customers owe, one per row; what is granted is not changed by a file."""

    kind = "credit"
    row = CreditRow
    model = CreditAccount
    may_import = ("customers.tell_credit",)
    may_export = "customers.export_customers"

    def check(self, rows: Sequence[CreditRow], problems: Problems, *, by: User | None) -> CreditPlan:
        return check_credit([_wanted(row) for row in rows], problems, by=by)

    def save(self, plan: CreditPlan, source: Source) -> None:
        save_credit(plan, by=source.by)

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        columns = ("customer__code", "as_of", "currency_id", *FIGURES[1:])
        yield from queryset.order_by("customer__code").values_list(*columns).iterator()


def _wanted(row: CreditRow) -> WantedFigures:
    nothing = Decimal(0)
    told = Told(
        row.as_of,
        row.receivables,
        row.unapplied or nothing,
        row.deposits or nothing,
        row.overdue or nothing,
        row.overdue_since,
    )
    return WantedFigures(row.row, row.customer, row.currency, told)
