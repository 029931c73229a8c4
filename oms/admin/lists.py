"""A list as a person likes it: which columns, and the views kept under a name."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.templatetags import unfold_list
from unfold.views import ChangeList

from oms.errors import Refused
from oms.models import NamedView, User
from oms.moments import in_utc
from oms.named_views import COLUMNS_VAR, WHOLE_VAR, keep_view, open_at_first, query_of

BOX = "action_checkbox"


def once_per_list(draw: Callable[[ChangeList], Iterable[Any]]) -> Callable[[ChangeList], list[Any]]:
    """Return what draws the headers of a list once: the theme draws all of them anew for each row (decision 67)."""

    def headers(drawn: ChangeList) -> list[Any]:
        if not hasattr(drawn, "drawn_headers"):
            drawn.drawn_headers = list(draw(drawn))
        return drawn.drawn_headers  # type: ignore[no-any-return]

    return headers


unfold_list.result_headers = once_per_list(unfold_list.result_headers)


class OwnList(ChangeList):  # type: ignore[misc]
    """A list whose address may name its columns. Names it does not have are passed over."""

    def __init__(
        self,
        request: HttpRequest,
        model: Any,
        list_display: Sequence[Any],
        list_display_links: Sequence[Any] | None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        shown = chosen(request, list_display)
        links = list_display_links and (
            [name for name in list_display_links if name in shown] or first(shown)
        )
        super().__init__(request, model, shown, links, *args, **kwargs)

    def get_ordering(self, request: HttpRequest, queryset: Any) -> list[Any]:
        """Rows that are equal in the column come by number in the direction of the column: one index serves both."""
        ordering = super().get_ordering(request, queryset)
        downwards = str(ordering[0]).startswith("-")
        return [("-pk" if downwards else "pk") if part in ("pk", "-pk") else part for part in ordering]

    def get_ordering_field(self, field_name: Any) -> Any:
        """A number counts up with its row. As a text, 10000 would come before 9999."""
        return (
            "pk" if field_name in self.model_admin.sorted_by_row else super().get_ordering_field(field_name)
        )

    def get_filters_params(self, params: Any = None) -> Any:
        found = super().get_filters_params(params)
        return {
            name: [_in_utc(value) for value in values]
            for name, values in found.items()
            if name not in (COLUMNS_VAR, WHOLE_VAR)
        }

    def get_query_string(self, new_params: Any = None, remove: Any = None) -> str:
        """The whole list is asked for by name, for an empty address may open a view."""
        asked = str(super().get_query_string(new_params, [*(remove or []), WHOLE_VAR]))
        return asked if asked != "?" else f"?{WHOLE_VAR}=1"


def _in_utc(value: str) -> str:
    """Return what is asked of a column, or of one of several values, with its moments in UTC."""
    try:
        return ",".join(map(in_utc, value.split(",")))
    except ValueError as error:
        raise IncorrectLookupParameters(error) from error


def chosen(request: HttpRequest, offered: Sequence[Any]) -> list[Any]:
    """Return the columns that the address names, or all of them."""
    names = request.GET.get(COLUMNS_VAR, "").split(",")
    found = [name for name in offered if name in names]
    return [name for name in offered if name == BOX or name in found] if found else list(offered)


def first(shown: Sequence[Any]) -> list[Any]:
    return [name for name in shown if name != BOX][:1]


def around(request: HttpRequest, model_admin: Any, views: Sequence[NamedView]) -> dict[str, Any]:
    """Return what stands above a list: its views, its columns, and what its address says now."""
    offered = model_admin.get_list_display(request)
    shown = chosen(request, offered)
    return {
        "own_views": views,
        "own_query": query_of(request.GET.urlencode()),
        "own_list": model_admin.opts.label_lower,
        "own_columns": [
            (name, label_for_field(name, model_admin.model, model_admin), name in shown)
            for name in offered
            if isinstance(name, str)
        ],
        "may_export_list": model_admin.has_export_permission(request),
        "export_url": f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_export",
    }


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is under a name, or only show it with these columns."""
    model_admin = _list(request, request.POST.get("list", ""))
    offered = [name for name in model_admin.get_list_display(request) if isinstance(name, str)]
    ticked = [name for name in offered if name in request.POST.getlist("columns")]
    query = query_of(request.POST.get("query", ""), [] if ticked == offered else ticked)
    if "show" not in request.POST:
        first_ = "first" in request.POST
        try:
            keep_view(
                _user(request).pk,
                model_admin.opts.label_lower,
                request.POST.get("name", ""),
                query,
                first=first_,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The view is kept."))
    return _to(model_admin, query)


@require_POST
def change_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own, or let its list open with it."""
    view = get_object_or_404(NamedView.objects.visible_to(_user(request)), pk=pk)
    model_admin = _list(request, view.about)
    if "delete" in request.POST:
        view.delete()
        messages.success(request, _("“%(view)s” is deleted.") % {"view": view})
    else:
        open_at_first(_user(request).pk, view)
    return _to(model_admin, view.query)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  admin_view let only people in
    return request.user


def _list(request: HttpRequest, label: str) -> Any:
    """Return the admin of the list with this label when the person may see it, else 404."""
    for model, model_admin in admin.site._registry.items():
        if model._meta.label_lower == label and model_admin.has_view_or_change_permission(request):
            return model_admin
    raise Http404


def _to(model_admin: Any, query: str) -> HttpResponse:
    name = f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist"
    return HttpResponseRedirect(f"{reverse(name)}?{query or f'{WHOLE_VAR}=1'}")


save_view_in_office = admin.site.admin_view(save_view)
change_view_in_office = admin.site.admin_view(change_view)
