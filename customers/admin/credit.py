"""Credit accounts: what is granted and asked for, what accounting told, and who changed what from what to what."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from customers.admin.parties import OfCustomerAdmin
from customers.asked_credit import asked
from customers.credit_forms import CreditAccountForm
from customers.credit_sheets import CreditResource
from customers.models import CreditAccount, CreditChange, CreditProposal, CreditTold
from customers.models.credit import FIGURES, TERMS
from customers.services.crediting import grant_credit, open_credit_account, tell_credit
from customers.status import CreditProposalStatus
from customers.views.credit import addresses
from oms.admin.base import LastingAdmin, ReadInline
from oms.admin.figures import figure, measured_in, of_money
from oms.importing.admin import SheetAdmin
from oms.models import User

WHOSE: list[Any] = [("customer", "currency")]
GRANTED: list[Any] = [
    ("credit_limit", "tolerance_percent"), ("insured_limit", "insured_until"), "horizon_days",
    ("overdue_amount", "overdue_days"),
]  # fmt: skip
KNOWN: list[Any] = ["as_of", ("receivables", "unapplied"), "deposits", ("overdue", "overdue_since")]


class OfAccountInline(ReadInline):
    """What was once, the last first; nobody changes it."""

    per_page = 20
    ordering = ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("customers.view_creditaccount")


class ChangesInline(OfAccountInline):
    """Who changed what is granted; nobody changes that."""

    model = CreditChange
    verbose_name_plural = _("changes of the limit")
    fields = readonly_fields = ["at", "by", "asked_by", *TERMS, "note"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditChange]:
        rows: QuerySet[CreditChange] = super().get_queryset(request)
        return rows.select_related("by", "account", "proposal__proposed_by")

    @admin.display(description=_("asked for by"))
    def asked_by(self, change: CreditChange) -> str:
        return str(change.proposal.proposed_by) if change.proposal else ""


class ProposalsInline(OfAccountInline):
    """What was asked for and turned down; what came into force stands among the changes."""

    model = CreditProposal
    verbose_name_plural = _("turned down")
    fields = readonly_fields = [
        "proposed_at", "proposed_by", *TERMS, "note", "decided_at", "decided_by", "decision_note",
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditProposal]:
        rows: QuerySet[CreditProposal] = super().get_queryset(request)
        found = rows.filter(status=CreditProposalStatus.TURNED_DOWN)
        return found.select_related("proposed_by", "decided_by", "account")


class ToldInline(OfAccountInline):
    """What accounting told, the last first."""

    model = CreditTold
    verbose_name_plural = _("told by accounting")
    fields = readonly_fields = ["at", "by", *FIGURES]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CreditTold]:
        rows: QuerySet[CreditTold] = super().get_queryset(request)
        return rows.select_related("by", "account")


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
    inlines = [ChangesInline, ProposalsInline, ToldInline]
    change_form_outer_before_template = "customers/_credit_waits.html"

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

    def get_urls(self) -> list[URLPattern]:
        return [*addresses(self.admin_site), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **about: Any) -> Any:
        """Show what waits for somebody else above the form."""
        if (account := about.get("obj")) is not None:
            user = cast(User, request.user)
            may = self.has_change_permission(request, account)
            context |= {"asked": asked(account.proposals.waiting(), user), "may_decide": may}
        return super().render_change_form(request, context, **about)

    def save_model(self, request: HttpRequest, obj: CreditAccount, form: Any, change: bool) -> None:
        by = cast(User, request.user)
        if change:
            saved = grant_credit(obj.pk, form.granted, by=by, note=form.cleaned_data["note"])
        else:
            saved = open_credit_account(obj.customer_id, obj.currency_id, form.granted, form.told, by=by)
            obj.pk = saved.pk
        if saved.proposals.waiting().exists():
            messages.warning(request, _("What is asked for waits for somebody else to put it in force."))
        if change and not set(FIGURES).isdisjoint(form.changed_data):
            tell_credit([(obj.pk, form.told)], by=by)

    @measured_in(_("currency"))
    @admin.display(description=_("limit"), ordering="credit_limit")
    def granted(self, account: CreditAccount) -> Any:
        if not account.is_open:
            return figure(_("not open yet"))
        if account.credit_limit is None:
            return figure(_("without limit"))
        return self._money(account, "credit_limit")

    @measured_in(_("currency"))
    @admin.display(description=_("open receivables"), ordering="receivables")
    def owed(self, account: CreditAccount) -> str:
        return self._money(account, "receivables")

    @measured_in(_("currency"))
    @admin.display(description=_("overdue"), ordering="overdue")
    def late(self, account: CreditAccount) -> str:
        return self._money(account, "overdue") if account.overdue else ""

    def _money(self, account: CreditAccount, name: str) -> str:
        return of_money(getattr(account, name), account.currency)
