"""Keys for machines: made here, shown once, revoked here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import ForeignKey, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminIntegerFieldWidget

from oms.admin.base import CleanForm, ScopedAdmin
from oms.api.keys import LIFE_DAYS, hash_of, issue_key, revoke_keys
from oms.errors import Refused
from oms.fields import StrictWholeField
from oms.models import ApiClient, User
from oms.users import require_is_machine

STATES = {"in force": "success", "expired": "danger", "revoked": "danger"}


class NewClientForm(CleanForm):
    days = StrictWholeField(
        label=_("Valid for days"),
        initial=LIFE_DAYS,
        widget=UnfoldAdminIntegerFieldWidget(),
        validators=[MinValueValidator(1), MaxValueValidator(LIFE_DAYS)],
        help_text=_("at most a year"),
    )

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        try:
            require_is_machine(user)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return user


@admin.register(ApiClient)
class ApiClientAdmin(ScopedAdmin):
    list_display = ["name", "user", "state", "expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["name", "^user__username"]
    ordering = ["-expires_at"]
    actions = ["revoke"]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        kept = ["name", "user", "state", "expires_at", "revoked_at", "last_used_at"]
        return kept if obj else ["name", "user", "days"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return self.get_fields(request, obj)[1:] if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewClientForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A new client gets its key, and this is the only time anybody sees it."""
        if change:
            super().save_model(request, obj, form, change)
            return
        key = issue_key(obj.user, obj.name, days=form.cleaned_data["days"])
        obj.pk = ApiClient.objects.values_list("pk", flat=True).get(key_hash=hash_of(key))
        messages.warning(
            request,
            _("Copy the key of %(name)s now, it is not kept and cannot be shown again: %(key)s")
            % {"name": obj.name, "key": key},
        )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A key is revoked; what it did keeps its name."""
        return False

    @admin.action(description=_("Revoke selected keys"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiClient]) -> None:
        ended = revoke_keys(list(queryset.values_list("pk", flat=True)))
        messages.success(request, _("%(count)d keys are revoked.") % {"count": ended})

    @display(description=_("status"), label=STATES)
    def state(self, client: ApiClient) -> tuple[str, Any]:
        if client.revoked_at:
            return "revoked", _("revoked")
        if client.expires_at <= timezone.now():
            return "expired", _("expired")
        return "in force", _("in force")
