"""People and their roles. Roles come from access.yml; here they are read and given."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from oms.admin.base import ScopedAdmin, UnchangedAdmin
from oms.errors import Refused
from oms.models import User
from oms.users import Rights, require_may_grant

STATES = {"active": "success", "inactive": "danger"}
RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")


class WithRights(forms.ModelForm):  # type: ignore[type-arg]
    """A form about a person that asks whether `by` may give these rights."""

    by: User

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        if not self.errors:
            try:
                require_may_grant(self.instance, self.wanted(), by=self.by)
            except Refused as refusal:
                self.add_error(None, str(refusal))
        return values

    def wanted(self) -> Rights:
        """The rights this form asks for; a field it does not show keeps its value."""
        person, asked = self.instance, self.cleaned_data
        if "groups" in asked:
            roles = {group.name for group in asked["groups"]}
        else:
            roles = set(person.groups.values_list("name", flat=True)) if person.pk else set()
        flags = {name: asked.get(name, getattr(person, name)) for name in RIGHTS[:3]}
        return Rights(**flags, roles=frozenset(roles))


class PersonForm(WithRights, UserChangeForm):  # type: ignore[misc]
    pass


class NewPersonForm(WithRights, UserCreationForm):  # type: ignore[misc]
    """Somebody new; people made here work in the office, so they may sign in to it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.is_staff = True


@admin.register(User)
class PeopleAdmin(UserAdmin, ScopedAdmin):  # type: ignore[misc, type-arg]
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "full_name", "roles", "state", "last_login"]
    list_filter = ["is_active", ("groups", RelatedDropdownFilter)]
    search_fields = ["^username", "first_name", "last_name", "^email"]
    search_help_text = _("user name, name or e-mail")
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("Rights"),
            {
                "fields": ["is_active", "is_staff", "is_superuser", "groups"],
                "description": _("Rights come from roles. Nobody changes their own."),
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "first_name", "last_name", "email", "password1", "password2", "groups"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("groups")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Whoever looks at themselves, or at what only a superuser gives, gets it to read."""
        if obj is not None and obj.pk == request.user.pk:
            return [*self.readonly_fields, *RIGHTS]
        return (
            [*self.readonly_fields] if request.user.is_superuser else [*self.readonly_fields, "is_superuser"]
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles are few: each is ticked on its own."""
        return super().formfield_for_manytomany(
            db_field, request, **kwargs, widget=UnfoldAdminCheckboxSelectMultipleWidget(), help_text=""
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """People are made inactive: what they did keeps their name."""
        return False

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all()) or (
            "—" if not person.is_superuser else "*"
        )

    @display(description=_("status"), label=STATES, ordering="is_active")
    def state(self, person: User) -> tuple[str, Any]:
        return ("active", _("active")) if person.is_active else ("inactive", _("inactive"))


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(UnchangedAdmin):
    """Roles to read. `manage.py setup_roles` writes them from access.yml."""

    list_display = ["name", "people"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "rights"]
    readonly_fields = ["name", "rights"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        rows: QuerySet[Group] = super().get_queryset(request)
        return rows.annotate(with_people=Count("user", distinct=True))

    @admin.display(description=_("people"), ordering="with_people")
    def people(self, group: Any) -> int:
        return int(group.with_people)

    @admin.display(description=_("may"))
    def rights(self, group: Group) -> SafeString:
        rights = group.permissions.select_related("content_type").order_by("content_type__app_label", "name")
        return format_html_join("", "<div>{}: {}</div>", ((r.content_type.app_label, r.name) for r in rights))
