"""Agreements: a list with their pace, and the form of a draft with its lines."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import DateField, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from customers.admin.pages import added_pages
from customers.agreement_forms import AgreementForm, AgreementLineForm
from customers.models import Agreement, AgreementLine
from customers.resources import AgreementResource
from customers.services.agreeing import Terms, draft_agreement
from customers.services.pacing import paces_of, with_lines
from customers.status import AgreementStatus, PaceKind
from customers.views.agreements import addresses
from oms.admin.base import LastingAdmin, ShortInline
from oms.company import business_day
from oms.importing.admin import SheetAdmin
from oms.models import User

STATES = {
    AgreementStatus.DRAFT: "info",
    AgreementStatus.PROPOSED: "warning",
    AgreementStatus.IN_FORCE: "success",
    AgreementStatus.ENDED: "danger",
    AgreementStatus.DROPPED: "danger",
}
PACES = {
    PaceKind.BEHIND: "warning",
    PaceKind.MISSED: "danger",
    PaceKind.REACHED: "success",
    PaceKind.AHEAD: "info",
    PaceKind.FREE: "info",
}


class EndingFilter(admin.SimpleListFilter):
    title = _("days")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("hold today")), ("renew", _("to renew"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "now":
            return queryset.holding_on(business_day()).filter(status=AgreementStatus.IN_FORCE)
        return queryset.to_renew(business_day()) if self.value() == "renew" else queryset


class AgreementLineInline(ShortInline):
    model = AgreementLine
    form = AgreementLineForm
    autocomplete_fields = ["product", "category"]
    verbose_name_plural = _("what is agreed")
    tab = False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        unit = "unit_code" if self.has_change_permission(request, obj) else "unit"
        return [
            "product", "category", unit, "price", "percent", "committed", "maximum", "committed_value", "maximum_value",
        ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgreementLine]:
        rows: QuerySet[AgreementLine] = super().get_queryset(request)
        return rows.select_related("agreement", "product", "category", "unit")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("customers.view_agreement")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _takes_changes(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _takes_changes(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _takes_changes(request, obj)


def _takes_changes(request: HttpRequest, agreement: Any) -> bool:
    if agreement is None:
        return request.user.has_perm("customers.add_agreement")
    return bool(agreement.is_editable and request.user.has_perm("customers.change_agreement"))


@admin.register(Agreement)
class AgreementAdmin(SheetAdmin, LastingAdmin):
    sheet = AgreementResource
    form = AgreementForm
    list_display = ["numbered", "customer", "name", "state", "valid_from", "valid_to", "pace", "taken"]
    list_display_links = None
    list_filter = ["status", EndingFilter]
    list_select_related = ["customer", "currency"]
    search_fields = ["^number", "^customer__code", "^customer__name", "name"]
    search_help_text = _("Number, customer or name")
    ordering = ["-pk"]
    fields = [("customer", "name"), "currency", ("valid_from", "valid_to"), "remind_on", "needs_approval"]
    autocomplete_fields = ["customer"]
    inlines = [AgreementLineInline]

    def get_urls(self) -> list[URLPattern]:
        return [*added_pages(self.admin_site, Agreement), *addresses(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agreement]:
        rows: QuerySet[Agreement] = super().get_queryset(request)
        today = Value(business_day(), output_field=DateField())
        return rows.annotate(today=today).prefetch_related(with_lines())

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Only who may approve says that nobody has to."""
        return [] if request.user.has_perm("customers.approve_agreement") else ["needs_approval"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = bool(super().has_change_permission(request, obj))
        return may and (obj is None or obj.is_editable)

    def save_model(self, request: HttpRequest, obj: Agreement, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        terms = Terms(
            obj.customer_id,
            obj.currency_id,
            obj.valid_from,
            obj.valid_to,
            obj.name,
            obj.needs_approval,
            obj.remind_on,
        )
        made = draft_agreement(terms, [], by=cast(User, request.user))
        obj.pk = made.pk
        obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: Agreement, post_url_continue: Any = None) -> Any:
        super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(reverse("admin:customers_agreement_page", args=[obj.pk]))

    @admin.display(description=_("number"), ordering="pk")
    def numbered(self, agreement: Agreement) -> SafeString:
        """The number leads to the page; the form is one step further."""
        url = reverse("admin:customers_agreement_page", args=[agreement.pk])
        return format_html('<a href="{}">{}</a>', url, agreement)

    @display(description=_("status"), ordering="status", label=STATES)
    def state(self, agreement: Agreement) -> tuple[str, str]:
        return agreement.status, agreement.get_status_display()

    @display(description=_("pace"), label=PACES)
    def pace(self, agreement: Any) -> tuple[str, str] | None:
        if agreement.status != AgreementStatus.IN_FORCE:
            return None
        (pace,) = paces_of([agreement], on=agreement.today)
        return pace.kind, str(pace.kind.label)

    @admin.display(description=_("taken"))
    def taken(self, agreement: Any) -> str:
        (pace,) = paces_of([agreement], on=agreement.today)
        return "–" if pace.percent is None else f"{pace.percent} %"
