"""What we sell: products, the units they are sold in, and who supplies them."""

from decimal import Decimal
from typing import Self

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.status import ProductStatus, Scarcity
from oms.barcodes import require_gtin
from oms.models import User
from oms.triggers import never_deleted

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


class Supplier(models.Model):
    """A company we buy from."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    lead_time_days = models.PositiveSmallIntegerField(_("lead time in days"), default=7)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")

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
            models.Index(fields=["sku"], name="product_sku_prefix", opclasses=["text_pattern_ops"]),
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
    gtin = models.CharField(
        _("GTIN"), max_length=14, null=True, blank=True, unique=True, validators=[require_gtin]
    )
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
