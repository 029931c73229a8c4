"""The rules of a price list: what one unit of what costs from which quantity on, and when."""

from datetime import date
from decimal import Decimal
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.price_lists import (
    ALWAYS,
    BEING_MADE,
    PriceList,
    PriceListVersion,
)
from customers.status import BreakBasis, PriceKind, VersionStatus
from inventory.models import Category, Product, ProductUnit
from oms.models import User
from oms.ranges import days, point, point_or_all

KEYS = ("version_id", "product_id", "category_id", "unit_id", "min_quantity", "priority")

# A version that somebody looks at, or has approved, or that was in force, stays as it is. The lock keeps its steps
# waiting until a change that has begun is there for all to see.
CHANGE_WHERE_THEY_MAY = """
    PERFORM FROM customers_pricelistversion v JOIN customers_pricelist l ON l.id = v.price_list_id
    WHERE v.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END
      AND (v.status = 'draft' OR (v.status = 'in_force' AND v.in_force_to IS NULL AND NOT l.needs_approval))
    FOR SHARE OF v;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'prices of this version do not change any more' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class PriceRuleQuerySet(models.QuerySet["PriceRule"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("customers.view_pricerule"):
            return self.none()
        return self.filter(version__price_list__in=PriceList.objects.seen_by(user))

    def valid_on(self, day: date) -> Self:
        """What applies on that day: valid itself, in a version that is in force."""
        versions = PriceListVersion.objects.in_force_on(day)
        ends = Q(valid_to=None) | Q(valid_to__gt=day)
        return self.filter(ends, valid_from__lte=day, version__in=versions)

    def current(self) -> Self:
        """The rules of versions in force without an end, and of those that are being made."""
        in_force = Q(version__status=VersionStatus.IN_FORCE, version__in_force_to=None)
        return self.filter(in_force | Q(version__status__in=BEING_MADE))

    def overlapping(self, rule: "PriceRule") -> Self:
        """Other prices of the same key that are valid on a day on which `rule` is."""
        starts_before_end = Q() if rule.valid_to is None else Q(valid_from__lt=rule.valid_to)
        same = {name: getattr(rule, name) for name in KEYS}
        return self.filter(
            starts_before_end, Q(valid_to=None) | Q(valid_to__gt=rule.valid_from), **same
        ).exclude(pk=rule.pk)


class PriceRule(models.Model):
    """From `min_quantity` base units on, one `unit` of `product` costs `price`, while valid: [from, to).

    A rule without a product holds for a category and what lies below it, without either for all products. Without
    a unit a fixed price is per base unit, and a percentage holds for every unit.
    """

    version = models.ForeignKey(
        PriceListVersion, on_delete=models.PROTECT, related_name="rules", verbose_name=_("version")
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="prices",
        verbose_name=_("product"),
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    unit = models.ForeignKey(
        ProductUnit, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("unit")
    )
    min_quantity = models.BigIntegerField(_("from quantity"), default=1, help_text=_("in base units"))
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=PriceKind.choices,
        default=PriceKind.FIXED,
        db_default=PriceKind.FIXED,
    )
    price = models.DecimalField(
        _("price per unit"), max_digits=18, decimal_places=6, default=Decimal(0), db_default=Decimal(0)
    )
    percent = models.DecimalField(
        _("percent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
        help_text=_("taken off the price or added to the cost"),
    )
    free_of_charge = models.BooleanField(_("free of charge"), default=False, db_default=False)
    floor = models.DecimalField(
        _("floor per unit"),
        max_digits=18,
        decimal_places=6,
        null=True,
        blank=True,
        help_text=_("whoever goes below it asks for approval"),
    )
    basis = models.CharField(
        _("the quantity is that"),
        max_length=10,
        choices=BreakBasis.choices,
        default=BreakBasis.LINE,
        db_default=BreakBasis.LINE,
    )
    mix_group = models.CharField(_("mix group"), max_length=40, blank=True, default="", db_default="")
    incremental = models.BooleanField(
        _("only for what lies above"),
        default=False,
        db_default=False,
        help_text=_("each part of the quantity costs what its own break says, not all of it the last one"),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=5,
        db_default=5,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 to 9; among rules that reach equally far, 1 wins"),
    )
    valid_from = models.DateField(_("valid from"), default=ALWAYS)
    valid_to = models.DateField(_("valid until before"), null=True, blank=True)

    objects = PriceRuleQuerySet.as_manager()

    class Meta:
        ordering = ["version", "product", "unit", "min_quantity", "valid_from"]
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        permissions = [("export_prices", _("Can export prices"))]
        indexes = [
            models.Index(fields=["product", "version"], name="price_rules_of_a_product"),
            models.Index(
                fields=["version", "category"], name="price_rules_of_many", condition=Q(product=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="price_is_never_negative"),
            models.CheckConstraint(
                condition=Q(price__gt=0) | Q(free_of_charge=True) | ~Q(kind=PriceKind.FIXED),
                name="what_costs_nothing_says_so",
            ),
            models.CheckConstraint(
                condition=Q(kind=PriceKind.FIXED, percent=None)
                | Q(kind=PriceKind.PERCENT_OFF, percent__gt=0, percent__lt=100, price=0, unit=None)
                | Q(kind=PriceKind.COST_PLUS, percent__gte=0, price=0, unit=None),
                name="price_is_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(product=None) | Q(category=None), name="price_is_for_a_product_or_a_category"
            ),
            models.CheckConstraint(
                condition=Q(unit=None) | Q(product__isnull=False), name="unit_of_a_price_needs_its_product"
            ),
            models.CheckConstraint(
                condition=Q(basis=BreakBasis.MIX, mix_group__gt="")
                | (~Q(basis=BreakBasis.MIX) & Q(mix_group="")),
                name="mix_group_is_named_where_it_counts",
            ),
            models.CheckConstraint(
                condition=Q(floor=None) | Q(floor__gte=0, kind=PriceKind.FIXED),
                name="floor_is_of_a_fixed_price",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=9), name="price_priority_is_one_to_nine"
            ),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="break_starts_at_one_or_more"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="price_is_valid_for_a_while",
            ),
            ExclusionConstraint(
                name="one_price_per_break_and_day",
                expressions=[
                    (point("version_id"), RangeOperators.OVERLAPS),
                    (point_or_all("product_id"), RangeOperators.OVERLAPS),
                    (point_or_all("category_id"), RangeOperators.OVERLAPS),
                    (point_or_all("unit_id"), RangeOperators.OVERLAPS),
                    (point("min_quantity"), RangeOperators.OVERLAPS),
                    (point("priority"), RangeOperators.OVERLAPS),
                    (days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="prices_change_where_they_may",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=CHANGE_WHERE_THEY_MAY,
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.reach} {self.min_quantity}+"

    @property
    def price_list(self) -> PriceList:
        return self.version.price_list

    @property
    def reach(self) -> str:
        """What the rule is for, in words."""
        return self.product.sku if self.product else str(self.category or _("all products"))
