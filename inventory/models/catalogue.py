"""What we sell: products, the units they are sold in, and who supplies them."""

from datetime import timedelta
from decimal import Decimal
from typing import Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Avg, Case, DecimalField, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf, Round
from django.utils.translation import gettext_lazy as _

from inventory.models.gtins import GtinField, kept_one_way
from inventory.status import ProductStatus, Scarcity
from oms.company import business_day
from oms.indexes import by_words, in_any_case
from oms.models import TaxClass, User
from oms.triggers import never_deleted

JUDGED = timedelta(days=365)  # how far back a supplier's promises count
LINES = "purchaseorder__lines"
PERCENT = DecimalField(max_digits=20, decimal_places=4)
AT_LEAST_ONE = [MinValueValidator(1)]


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_category") else self.none()


class Category(models.Model):
    """A branch of the catalogue tree."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("parent")
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="category_is_not_its_own_parent")
        ]

    def __str__(self) -> str:
        return self.name


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_supplier") else self.none()

    def with_kept_promises(self) -> Self:
        """With `kept_promises`: of what should have come within a year, the percent that came in time.

        Every line of a purchase order weighs the same, however many base units it has. What is overdue counts as
        not kept, what a line's promise still has time for does not count yet. None where nothing was promised.
        """
        today = business_day()
        judged = Coalesce(F(f"{LINES}__promised_on"), F(f"{LINES}__expected_on"))
        overdue = Case(When(judged_on__lt=today, then=F(f"{LINES}__due")), default=Value(0))
        counted = F(f"{LINES}__received") + overdue
        share = Cast(F(f"{LINES}__in_time") * 100, PERCENT) / NullIf(counted, Value(0))
        within = Q(judged_on__gte=today - JUDGED)
        suppliers = self.alias(judged_on=judged)
        return suppliers.annotate(kept_promises=Round(Avg(share, filter=within, output_field=PERCENT)))


class Supplier(models.Model):
    """A company we buy from."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=7)
    tolerance_percent = models.PositiveSmallIntegerField(
        _("may deliver more, in percent"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(100)],
        help_text=_("of what a line orders; what comes beyond it is refused at the dock"),
    )
    learned_delay_days = models.PositiveSmallIntegerField(
        _("learned delay in days"),
        default=0,
        db_default=0,
        editable=False,
        help_text=_("how late the last deliveries were on average; learned every night"),
    )

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        constraints = [
            models.CheckConstraint(
                condition=Q(tolerance_percent__lte=100), name="tolerance_is_at_most_the_same_again"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_product") else self.none()

    def sellable(self) -> Self:
        """Products a new line may name."""
        return self.filter(status=ProductStatus.ACTIVE)


class Product(models.Model):
    """A thing with a SKU. Quantities count its base unit in whole numbers."""

    sku = models.CharField(_("SKU"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ProductStatus.choices, default=ProductStatus.ACTIVE
    )
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("superseded by")
    )
    cost = models.DecimalField(
        _("cost per base unit"),
        max_digits=18,
        decimal_places=6,
        default=Decimal(0),
        help_text=_("in the company's currency"),
    )
    weight_grams = models.PositiveIntegerField(
        _("weight in grams"), default=0, help_text=_("of one base unit")
    )
    tax_class = models.ForeignKey(
        TaxClass,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("tax class"),
        help_text=_("empty: the usual one"),
    )
    backorder_allowed = models.BooleanField(_("backorder allowed"), default=True)
    allocation = models.CharField(
        _("when it is scarce"),
        max_length=10,
        choices=Scarcity.choices,
        default=Scarcity.BY_RANK,
        db_default=Scarcity.BY_RANK,
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["sku"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        permissions = [("view_cost", _("Can see cost and margin"))]
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="cost_is_never_negative"),
            models.CheckConstraint(
                condition=~Q(superseded_by=F("id")), name="product_does_not_supersede_itself"
            ),
            models.CheckConstraint(condition=~Q(sku=""), name="product_has_a_sku"),
        ]
        indexes = [
            in_any_case("sku", name="product_sku_any_case"),
            by_words("name", name="product_name_words"),
        ]
        triggers = [never_deleted()]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"


class ProductUnit(models.Model):
    """A unit a product is sold in: `denominator` of it hold `numerator` base units.

    The base unit itself is the row with 1/1. The ratio never changes: what was ordered in it would change too.
    Lines may order only multiples of `multiple`, from `minimum` on, in this unit; 1 asks for nothing.
    """

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="units", verbose_name=_("product")
    )
    code = models.CharField(
        _("unit"), max_length=3, help_text=_("UN/ECE Recommendation 20, such as C62 or KGM")
    )
    name = models.CharField(_("name"), max_length=30)
    numerator = models.PositiveIntegerField(
        _("base units"),
        default=1,
        validators=AT_LEAST_ONE,
        help_text=_("stays for ever; give another packing another unit"),
    )
    denominator = models.PositiveIntegerField(_("for so many"), default=1, validators=AT_LEAST_ONE)
    gtin = GtinField(_("GTIN"), null=True, blank=True, unique=True)
    multiple = models.PositiveIntegerField(_("sold in multiples of"), default=1, validators=AT_LEAST_ONE)
    minimum = models.PositiveIntegerField(_("minimum"), default=1, db_default=1, validators=AT_LEAST_ONE)
    is_default = models.BooleanField(_("offered first"), default=False)

    class Meta:
        ordering = ["product", "numerator"]
        verbose_name = _("sales unit")
        verbose_name_plural = _("sales units")
        constraints = [
            models.UniqueConstraint(fields=["product", "code"], name="one_row_per_product_and_unit"),
            models.UniqueConstraint(
                fields=["product"], condition=Q(is_default=True), name="one_unit_is_offered_first"
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=1, denominator__gte=1, multiple__gte=1),
                name="unit_ratio_is_positive",
            ),
            models.CheckConstraint(condition=Q(minimum__gte=1), name="unit_minimum_is_positive"),
            kept_one_way(),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="ratio_never_changes",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.product_id IS DISTINCT FROM OLD.product_id OR NEW.numerator IS DISTINCT FROM OLD.numerator "
                    "OR NEW.denominator IS DISTINCT FROM OLD.denominator"
                ),
                func="RAISE EXCEPTION 'product and ratio of unit % never change', OLD.code "
                "USING ERRCODE = 'check_violation';",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SupplierProduct(models.Model):
    """How a supplier sells us a product: their number, price, minimum and lead time."""

    supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, related_name="products", verbose_name=_("supplier")
    )
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="suppliers", verbose_name=_("product")
    )
    supplier_sku = models.CharField(_("supplier's SKU"), max_length=60, blank=True)
    cost = models.DecimalField(_("cost per base unit"), max_digits=18, decimal_places=6)
    minimum = models.PositiveBigIntegerField(_("minimum"), default=1)
    multiple = models.PositiveBigIntegerField(_("multiple"), default=1)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=7)

    class Meta:
        ordering = ["product", "cost"]
        verbose_name = _("supplier's product")
        verbose_name_plural = _("suppliers' products")
        constraints = [
            models.UniqueConstraint(fields=["supplier", "product"], name="one_row_per_supplier_and_product"),
            models.CheckConstraint(
                condition=Q(cost__gte=0, minimum__gte=1, multiple__gte=1), name="supplier_terms_are_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.product}"


class Substitute(models.Model):
    """What may be sold instead of a product: `numerator` base units of it for `denominator` of the product."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="substitutes", verbose_name=_("product")
    )
    substitute = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="+", verbose_name=_("substitute")
    )
    numerator = models.PositiveIntegerField(_("base units of the substitute"), default=1)
    denominator = models.PositiveIntegerField(_("for so many of the product"), default=1)
    rank = models.PositiveSmallIntegerField(_("rank"), default=1, help_text=_("1 is offered first"))

    class Meta:
        ordering = ["product", "rank", "pk"]
        verbose_name = _("substitute")
        verbose_name_plural = _("substitutes")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "substitute"], name="one_row_per_product_and_substitute"
            ),
            models.CheckConstraint(
                condition=~Q(product=F("substitute")), name="product_is_not_its_own_substitute"
            ),
            models.CheckConstraint(
                condition=Q(numerator__gte=1, denominator__gte=1), name="substitute_ratio_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.sku} → {self.substitute.sku}"
