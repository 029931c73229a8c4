"""Customers with their people and addresses, and the small tables that sort them."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Count, ForeignKey, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from customers.admin.assignments import AssignedListsInline
from customers.admin.pages import added_pages
from customers.forms import AddressForm, CustomerForm
from customers.models import Address, Contact, Customer, CustomerGroup, PaymentTerms, SalesTeam
from customers.resources import CustomerResource
from customers.status import CustomerStatus
from customers.views.company_tree import company_tree
from customers.views.customer_price import customer_price
from customers.views.customer_prices import customer_prices, customer_prices_file
from oms import home
from oms.admin.base import ScopedAdmin, ShortInline
from oms.importing.admin import SheetAdmin
from oms.models import User
from oms.navigation import address

MOST_CHOSEN = 200
MERGE = "admin:orders_customer_merge"
LABELS = {CustomerStatus.ACTIVE: "success", CustomerStatus.BLOCKED: "danger"}


class AddressInline(ShortInline):
    model = Address
    fk_name = "customer"
    form = AddressForm
    fields = [
        "code",
        "name",
        "street",
        "postal_code",
        "city",
        "region",
        "country",
        "is_bill_to",
        "is_ship_to",
    ]


class ContactInline(ShortInline):
    model = Contact
    fields = ["name", "role", "email", "phone"]


@admin.register(Customer)
class CustomerAdmin(SheetAdmin, ScopedAdmin):
    sheet = CustomerResource
    form = CustomerForm
    list_display = ["code", "name", "group", "looked_after_by", "state"]
    list_display_links = ["code", "name"]
    list_filter = ["status", ("group", RelatedDropdownFilter), ("team", RelatedDropdownFilter)]
    list_select_related = ["group", "rep"]
    search_fields = ["^code", "^name"]
    search_help_text = _("how the code or the name begins")
    ordering = ["name", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("code", "name"),
                    ("status", "group"),
                    ("buying_group", "channel"),
                    "note",
                    "po_required",
                ]
            },
        ),
        (_("Who looks after them"), {"fields": [("team", "rep"), "parent"]}),
        (_("How to reach them"), {"fields": [("email", "phone"), "language"]}),
        (
            _("Terms"),
            {"fields": [("currency", "payment_terms"), ("warehouse", "vat_number"), ("tax_zone", "zone")]},
        ),
        (
            _("When stock is short"),
            {
                "fields": [
                    ("shipping_policy", "sourcing"),
                    ("minimum_percent", "minimum_value"),
                    ("most_shipments", "contract_class"),
                    "contract_minimum_percent",
                ]
            },
        ),
    ]
    autocomplete_fields = ["parent"]
    actions = ["hand_over"]
    inlines = [AddressInline, ContactInline, AssignedListsInline]
    change_form_before_template = "customers/_around.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/price/", wrap(customer_price), name="customers_customer_price"),
            path("<int:pk>/prices/", wrap(customer_prices), name="customers_customer_prices"),
            path("<int:pk>/prices/file/", wrap(customer_prices_file), name="customers_customer_prices_file"),
            path("<int:pk>/tree/", wrap(company_tree), name="customers_customer_tree"),
            *added_pages(self.admin_site),
            *super().get_urls(),
        ]

    def has_hand_over_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("customers.hand_over_customers")

    @admin.action(description=_("Hand over selected customers …"), permissions=["hand_over"])
    def hand_over(self, request: HttpRequest, queryset: QuerySet[Customer]) -> HttpResponse | None:
        """Go to the page that shows what comes along and asks to whom."""
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_CHOSEN + 1])
        if len(chosen) > MOST_CHOSEN:
            text = _("Choose at most %(most)s customers, or hand over all of a rep's.") % {
                "most": MOST_CHOSEN
            }
            messages.error(request, text)
            return None
        asked = "&".join(f"customer={pk}" for pk in chosen)
        return HttpResponseRedirect(f"{address('admin:orders_customer_hand_over')}?{asked}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        customer = self.get_object(request, object_id)
        if customer and customer.merged_into_id:
            return self._go_to_kept(request, customer)
        around = _around(cast(User, request.user), customer) if customer else {}
        answer: HttpResponse = super().change_view(
            request, object_id, form_url, {**(extra_context or {}), **around}
        )
        return answer

    def _go_to_kept(self, request: HttpRequest, customer: Customer) -> HttpResponse:
        """Lead from an old number to the customer that it stands for."""
        told = {"code": customer.code, "name": customer.merged_into}
        messages.info(request, _("%(code)s was merged into %(name)s, which you see here.") % told)
        return HttpResponseRedirect(
            reverse("admin:customers_customer_change", args=[customer.merged_into_id])
        )

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        """What may be chosen: people of the office as reps, and of the customers those that are visible."""
        if db_field.name == "rep":
            kwargs["queryset"] = User.objects.filter(is_staff=True).order_by("username")
        if db_field.name == "parent":
            kwargs["queryset"] = Customer.objects.visible_to(cast(User, request.user)).filter(
                merged_into=None
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("sales rep"), ordering="rep__last_name")
    def looked_after_by(self, customer: Customer) -> str:
        return (customer.rep.get_full_name() or customer.rep.get_username()) if customer.rep else ""

    @display(description=_("status"), label=LABELS, ordering="status")
    def state(self, customer: Customer) -> tuple[str, Any]:
        if customer.merged_into_id:
            return "merged", _("merged")
        return customer.status, customer.get_status_display()


def _around(user: User, customer: Customer) -> dict[str, Any]:
    """Return what stands above a customer: what to start for them, and what the other apps know about them."""
    starts = [
        (_("New quote"), "admin:orders_quote_pad", "orders.add_quote", "n"),
        (_("New order"), "admin:orders_order_pad", "orders.add_order", "o"),
    ]
    acts = [
        home.Act(title, f"{url}?customer={customer.pk}", key)
        for title, name, permission, key in starts
        if user.has_perm(permission) and (url := address(name))
    ]
    if url := address("admin:orders_customer_page", customer.pk):
        acts.append(home.Act(_("Overview"), url, "v"))
    if user.has_perm("customers.view_pricerule"):
        asks = (_("What do they pay?"), "price", "p"), (_("Their price list"), "prices", "")
        acts += [
            home.Act(title, reverse(f"admin:customers_customer_{name}", args=[customer.pk]), key)
            for title, name, key in asks
        ]
    if customer.parent_id or customer.children.exists():
        tree = reverse("admin:customers_customer_tree", args=[customer.pk])
        acts.append(home.Act(_("Company tree"), tree, "t"))
    if user.has_perm("customers.merge_customers") and (url := address(MERGE, customer.pk)):
        acts.append(home.Act(_("Merge with a duplicate"), url))
    return {"acts": acts, "cards": home.about_customer.to(user, customer), "customer": customer}


class OfCustomerAdmin(ScopedAdmin):
    """Rows that belong to a customer. They are edited on the customer's page; here they are found."""

    list_select_related = ["customer"]
    autocomplete_fields = ["customer"]

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "customer":
            kwargs["queryset"] = Customer.objects.visible_to(cast(User, request.user)).filter(
                merged_into=None
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["customer"] if obj else []


@admin.register(Address)
class AddressAdmin(OfCustomerAdmin):
    form = AddressForm
    may_export = "customers.export_customers"
    list_display = ["name", "street", "city", "country", "customer"]
    search_fields = ["^name", "^customer__name", "^city", "^code"]
    ordering = ["customer__name", "code", "pk"]


@admin.register(Contact)
class ContactAdmin(OfCustomerAdmin):
    may_export = "customers.export_customers"
    list_display = ["name", "role", "email", "phone", "customer"]
    list_filter = ["role"]
    search_fields = ["^name", "^email", "^customer__name"]
    ordering = ["name", "pk"]


@admin.register(CustomerGroup)
class CustomerGroupAdmin(ScopedAdmin):
    list_display = ["name", "code", "customers"]
    search_fields = ["^code", "name"]
    ordering = ["name"]
    fields = ["code", "name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerGroup]:
        """With the number of customers the person sees."""
        seen = Customer.objects.visible_to(cast(User, request.user))
        rows: QuerySet[CustomerGroup] = super().get_queryset(request)
        return rows.annotate(with_customers=Count("customer", filter=Q(customer__in=seen)))

    @admin.display(description=_("customers"), ordering="with_customers")
    def customers(self, group: Any) -> int:
        return int(group.with_customers)


@admin.register(SalesTeam)
class SalesTeamAdmin(ScopedAdmin):
    """Who is in a team decides what they see, so only those who manage people change it."""

    list_display = ["name", "people"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "members"]
    filter_horizontal = ["members"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SalesTeam]:
        rows: QuerySet[SalesTeam] = super().get_queryset(request)
        return rows.annotate(with_people=Count("members"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [] if request.user.has_perm("oms.change_user") else ["members"]

    @admin.display(description=_("people"), ordering="with_people")
    def people(self, team: Any) -> int:
        return int(team.with_people)


@admin.register(PaymentTerms)
class PaymentTermsAdmin(ScopedAdmin):
    list_display = ["name", "code", "days"]
    search_fields = ["^code", "name"]
    ordering = ["days", "code"]
    fields = ["code", "name", "days"]
