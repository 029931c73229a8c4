"""A count is finished: so many of the missing units lie in the bin again."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.forms import FinishCountForm
from inventory.models import StockCount
from inventory.services.counting import finish_count
from inventory.views.pages import accepted, actor, page, require, require_works_in


@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    counts = StockCount.objects.visible_to(actor(request)).select_related("product", "location__warehouse")
    count = get_object_or_404(counts, pk=pk)
    require(request, "inventory.finish_count")
    require_works_in(request, count.location.warehouse)
    form = FinishCountForm(request.POST or None)
    if request.method == "POST" and accepted(request, form, lambda values: _finished(request, count, values)):
        return redirect("admin:inventory_stockcount_changelist")
    return page(
        request,
        "inventory/finish_count.html",
        StockCount,
        _("Finish count"),
        original=count,
        form=form,
        errors=form.errors,
    )


def _finished(request: HttpRequest, count: StockCount, values: Mapping[str, Any]) -> str:
    finish_count(count.pk, values["found"], by=actor(request))
    return _("%(count)s is counted: %(found)s of %(missing)s found.") % {
        "count": count,
        "found": values["found"],
        "missing": count.missing,
    }
