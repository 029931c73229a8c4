"""Who we sell to: companies, their people and addresses, and who looks after them."""

from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.labels import FIELDS, label
from customers.models.governed import credit_triggers
from customers.models.merged import merged_triggers
from customers.models.shipping import ShippingWishes, shipping_constraints
from customers.models.tree import LINEAGE, tree_triggers
from customers.status import ContactRole, CustomerStatus
from inventory.models import Warehouse
from oms.indexes import by_words, in_any_case
from oms.models import Currency, TaxZone, User, languages, require_known_zone

COUNTRY = RegexValidator(r"^[A-Z]{2}$", _("A country is two capital letters (ISO 3166), such as DE."))


class CustomerGroup(models.Model):
    """Customers that share a price list."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name = _("customer group")
        verbose_name_plural = _("customer groups")

    def __str__(self) -> str:
        return self.name


class SalesChannel(models.Model):
    """A way in which customers buy, such as the counter or the web shop, with prices of its own."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        ordering = ["name"]
        verbose_name = _("sales channel")
        verbose_name_plural = _("sales channels")

    def __str__(self) -> str:
        return self.name


class SalesTeam(models.Model):
    """Reps and managers who see each other's customers as their roles allow."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="sales_teams", verbose_name=_("people")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("sales team")
        verbose_name_plural = _("sales teams")

    def __str__(self) -> str:
        return self.name


class PaymentTerms(models.Model):
    """When an invoice is due."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    days = models.PositiveSmallIntegerField(_("days"))

    class Meta:
        ordering = ["days"]
        verbose_name = _("payment terms")
        verbose_name_plural = _("payment terms")

    def __str__(self) -> str:
        return self.name


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User) -> Self:
        """Every customer, those of the user's teams, or those the user looks after, by right."""
        if user.has_perm("customers.view_all_customers"):
            return self
        if not user.has_perm("customers.view_customer"):
            return self.none()
        own = Q(rep=user)
        if user.has_perm("customers.view_team_customers"):
            own |= Q(team__in=user.sales_teams.all())
        return self.filter(own)

    def standing_for(self, pk: int) -> "Customer":
        """Return the customer, or the one that it was merged into, with its currency."""
        found = self.select_related("currency", "merged_into__currency").get(pk=pk)
        return found.merged_into or found


class Customer(ShippingWishes):
    """A company that buys from us.

    `contract_class` ranks it when stock is scarce, 1 before 9; `contract_minimum_percent` of what it waits for
    is served before the others share, where a product is shared fairly. Its `credit_account` is its own or that of the
    nearest company upwards that has one, kept by triggers.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(
        _("status"), max_length=20, choices=CustomerStatus.choices, default=CustomerStatus.ACTIVE
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    parent_since = models.DateTimeField(_("belongs there since"), null=True, editable=False)
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("group")
    )
    buying_group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="buyers",
        verbose_name=_("buying group"),
        help_text=_("buys at the prices of this group before those of its own one"),
    )
    channel = models.ForeignKey(
        SalesChannel, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("sales channel")
    )
    team = models.ForeignKey(
        SalesTeam, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("team")
    )
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("sales rep"),
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))
    payment_terms = models.ForeignKey(PaymentTerms, on_delete=models.PROTECT, verbose_name=_("payment terms"))
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("usual warehouse")
    )
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    tax_zone = models.ForeignKey(
        TaxZone,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("tax zone"),
        help_text=_("empty: by the country that the goods go to"),
    )
    zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        default="",
        db_default="",
        validators=[require_known_zone],
        help_text=_("such as America/New_York: their day is over when it is over there; empty: ours"),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=languages,
        blank=True,
        default="",
        db_default="",
        help_text=_("of their letters, papers and pages; empty: ours for customers"),
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("order and shipping news go here"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    po_required = models.BooleanField(_("PO number required"), default=False)
    note = models.CharField(
        _("note"), max_length=500, blank=True, help_text=_("shown wherever an order is entered")
    )
    credit_account = models.ForeignKey(
        "customers.CreditAccount",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="companies",
        verbose_name=_("credit account"),
    )
    contract_class = models.PositiveSmallIntegerField(
        _("contract class"),
        default=5,
        db_default=5,
        help_text=_("1 to 9; when stock is scarce 1 is served before 9"),
    )
    contract_minimum_percent = models.PositiveSmallIntegerField(
        _("guaranteed percent"),
        default=0,
        db_default=0,
        help_text=_("of what they order, before a scarce product is shared"),
    )

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        permissions = [
            ("view_all_customers", _("Can see every customer")),
            ("view_team_customers", _("Can see the customers of the own teams")),
            ("export_customers", _("Can export customers")),
            ("hand_over_customers", _("Can hand a rep's customers over to another")),
            ("merge_customers", _("Can merge a customer with its duplicate")),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="customer_is_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | (~Q(merged_into=F("id")) & Q(status=CustomerStatus.BLOCKED)),
                name="merged_customer_is_blocked",
            ),
            models.CheckConstraint(
                condition=Q(contract_class__gte=1, contract_class__lte=9),
                name="contract_class_is_one_to_nine",
            ),
            models.CheckConstraint(
                condition=Q(contract_minimum_percent__gte=0, contract_minimum_percent__lte=100),
                name="contract_guarantees_a_percentage",
            ),
            *shipping_constraints("customer"),
        ]
        indexes = [
            in_any_case("code", name="customer_code_any_case"),
            in_any_case("name", name="customer_name_any_case"),
            by_words("name", name="customer_name_words"),
            models.Index(fields=["name"], name="customers_by_name"),
            models.Index(
                fields=["credit_account"],
                condition=Q(credit_account__isnull=False),
                name="customers_of_credit_accounts",
            ),
        ]

        triggers = [*tree_triggers(), *merged_triggers(), *credit_triggers()]

    def __str__(self) -> str:
        return self.name


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user))


class Contact(models.Model):
    """A person at a customer."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=ContactRole.choices, default=ContactRole.BUYER)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.UniqueConstraint(fields=["customer", "name", "role"], name="one_contact_per_name_and_role")
        ]
        indexes = [
            in_any_case("email", name="contact_email_any_case", optional=True),
            by_words("name", name="contact_name_words"),
        ]

    def __str__(self) -> str:
        return self.name


class AddressQuerySet(models.QuerySet["Address"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def near(self, customer_id: int) -> "list[Address]":
        """Those of the company and of the companies above and below it, with `distance`, the own ones first.

        A company above has a distance above 0, one below a distance below 0.
        """
        sql = f"""
            SELECT a.*, l.distance FROM customers_address a JOIN ({LINEAGE}) l ON l.id = a.customer_id
            ORDER BY abs(l.distance), l.distance DESC, a.came_from_id IS NOT NULL, a.id
        """  # noqa: S608  its own text
        return list(self.raw(sql, {"customer": customer_id}))


class Address(models.Model):
    """Where a customer gets goods or bills. `code` names it within the customer.

    An address that `came_from` a customer that was merged stands behind the others.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("customer")
    )
    code = models.CharField(_("code"), max_length=40, default="MAIN")
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=80)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, validators=[COUNTRY])
    is_bill_to = models.BooleanField(_("gets bills"), default=True)
    is_ship_to = models.BooleanField(_("gets goods"), default=True)
    came_from = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("came from"),
    )

    objects = AddressQuerySet.as_manager()

    class Meta:
        ordering = ["customer", "code"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["customer", "code"], name="one_address_per_code_and_customer"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="country_is_two_letters"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.street}, {self.city}"

    def lines(self, home: str = "") -> list[str]:
        """The address as it stands on a label, without its country where that is `home`, in two letters."""
        return label({name: getattr(self, name) for name in FIELDS.values()}, self.country, home=home)
