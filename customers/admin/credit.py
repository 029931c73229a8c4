"""Credit accounts: what is granted, what accounting knows, and who changed the limit from what to what."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from customers.admin.parties import OfCustomerAdmin
from customers.credit_forms import CreditAccountForm
from customers.credit_sheets import CreditResource
from customers.models import CreditAccount, CreditChange
from customers.models.credit import FIGURES
from customers.services.crediting import grant_credit, open_credit_account, tell_credit
from oms.admin.base import LastingAdmin, ReadInline, figure
from oms.importing.admin import SheetAdmin
from oms.models import User
from oms.templatetags.amounts import money

WHOSE: list[Any] = [("customer", "currency")]
GRANTED: list[Any] = [
    ("credit_limit", "tolerance_percent"), "horizon_days", ("overdue_amount", "overdue_days"),
]  # fmt: skip
KNOWN: list[Any] = ["as_of", ("receivables", "unapplied"), "deposits", ("overdue", "overdue_since")]


class ChangesInline(ReadInline):
    """Who changed what is granted; nobody changes that."""

    model = CreditChange
    verbose_name_plural = _("changes of the limit")
    fields = readonly_fields = [
        "at", "by", "credit_limit", "tolerance_percent", "horizon_days", "overdue_amount", "overdue_days", "note",
    ]  # fmt: skip
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditChange]:
        rows: QuerySet[CreditChange] = super().get_queryset(request)
        return rows.select_related("by", "account")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("customers.view_creditaccount")


@admin.register(CreditAccount)
class CreditAccountAdmin(SheetAdmin, LastingAdmin, OfCustomerAdmin):
    sheet = CreditResource
    form = CreditAccountForm
    list_display = ["customer", "granted", "owed", "late", "as_of"]
    list_select_related = ["customer", "currency"]
    search_fields = ["^customer__code", "^customer__name"]
    search_help_text = _("how the code or the name begins")
    ordering = ["customer__name", "pk"]
    fieldsets = [
        (None, {"fields": WHOSE}),
        (_("What is granted"), {"fields": [*GRANTED, "note"]}),
        (_("What accounting knows"), {"fields": KNOWN}),
    ]
    inlines = [ChangesInline]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Who only looks is not asked why."""
        if obj is None or self.has_change_permission(request, obj):
            return self.fieldsets
        whose, granted, known = self.fieldsets
        return [whose, (granted[0], {"fields": GRANTED}), known]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["customer", "currency"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        return self.inlines if obj else []

    def save_model(self, request: HttpRequest, obj: CreditAccount, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        if not change:
            opened = open_credit_account(obj.customer_id, obj.currency_id, form.granted, form.told, by=by)
            obj.pk = opened.pk
            return
        grant_credit(obj.pk, form.granted, by=by, note=form.cleaned_data["note"])
        if not set(FIGURES).isdisjoint(form.changed_data):
            tell_credit([(obj.pk, form.told)], by=by)

    @admin.display(description=_("limit"), ordering="credit_limit")
    def granted(self, account: CreditAccount) -> Any:
        if account.credit_limit is None:
            return figure(_("without limit"))
        return self._money(account, "credit_limit")

    @admin.display(description=_("open receivables"), ordering="receivables")
    def owed(self, account: CreditAccount) -> str:
        return self._money(account, "receivables")

    @admin.display(description=_("overdue"), ordering="overdue")
    def late(self, account: CreditAccount) -> str:
        return self._money(account, "overdue") if account.overdue else ""

    def _money(self, account: CreditAccount, name: str) -> str:
        return figure(money(getattr(account, name), account.currency))
