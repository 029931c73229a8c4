"""How many promises were kept, by warehouse and by supplier, and which were not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from fulfillment.models import Shipment
from fulfillment.services.keeping import (
    MOST_MISSED,
    Kept,
    Missed,
    Period,
    kept_by_suppliers,
    kept_by_warehouses,
    missed_by_supplier,
    missed_by_warehouse,
)
from inventory.forms import day
from inventory.views.pages import actor, page, require
from oms.company import business_day
from oms.models import User
from orders.status import PromiseCause

ROLLING = timedelta(days=90)
SEES_SUPPLIERS = "inventory.view_purchaseorder"


class PeriodForm(forms.Form):
    """Promises for which days; the last ninety when nothing is said."""

    since = day(gettext_lazy("Promised from"), required=False)
    until = day(gettext_lazy("until"), required=False)
    warehouse = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)
    supplier = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def period(self) -> Period:
        """Return what was asked for; days that make no sense are left out."""
        said = self.cleaned_data if self.is_valid() else {}
        until = said.get("until") or business_day()
        return Period(said.get("since") or until - ROLLING, until)

    def chosen(self, name: str) -> int | None:
        found: int | None = self.cleaned_data.get(name)
        return found


@require_safe
def kept_page(request: HttpRequest) -> HttpResponse:
    """Show the rates and, for one that was chosen, what was missed. The statements do not grow with the promises."""
    require(request, "fulfillment.view_shipment")
    today = business_day()
    said = {"since": today - ROLLING, "until": today, **request.GET.dict()}
    form, user = PeriodForm(said), actor(request)
    period = form.period()
    tables = [_table(_("Warehouses"), "warehouse", kept_by_warehouses(user, period))]
    if user.has_perm(SEES_SUPPLIERS):
        tables.append(_table(_("Suppliers"), "supplier", kept_by_suppliers(user, period)))
    context = {
        "period": period,
        "form": form,
        "tables": tables,
        "missed": _missed(form, user, period, tables),
    }
    return page(request, "fulfillment/kept.html", Shipment, _("Promises kept"), **context)


def _table(title: str, name: str, rows: list[Kept]) -> dict[str, Any]:
    total = Kept(0, "", sum(row.promised for row in rows), sum(row.kept for row in rows))
    return {"title": title, "name": name, "rows": rows, "total": total if len(rows) > 1 else None}


MISSED: dict[str, Callable[[User, Period, int], list[Missed]]] = {
    "warehouse": missed_by_warehouse,
    "supplier": missed_by_supplier,
}


def _missed(
    form: PeriodForm, user: User, period: Period, tables: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return what the chosen warehouse or supplier has missed; None when nobody was chosen or it is not shown."""
    for table in tables:
        chosen = form.chosen(table["name"]) if form.is_valid() else None
        names = [row.name for row in table["rows"] if row.id == chosen]
        if chosen and names:
            rows = MISSED[table["name"]](user, period, chosen)
            causes = dict(PromiseCause.choices)
            told = [(row, causes.get(row.cause or "", "")) for row in rows]
            return {"name": names[0], "of": table["name"], "rows": told, "more": len(rows) == MOST_MISSED}
    return None
