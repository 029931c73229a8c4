"""Price lists, their rules, and who they are for."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.fields.ranges import BigIntegerRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from customers.models.parties import Customer, CustomerGroup
from inventory.models import Product, ProductUnit
from oms.models import Currency, User


class PriceList(models.Model):
    """A named set of prices in one currency."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")

    def __str__(self) -> str:
        return self.code


def point(field: str) -> Func:
    """Return the range that holds just the id in `field`, so that gist compares it without an extension."""
    return Func(F(field), F(field), Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class PriceRuleQuerySet(models.QuerySet["PriceRule"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("customers.view_pricerule") else self.none()

    def valid_on(self, day: date) -> Self:
        return self.filter(Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gt=day))

    def overlapping(self, rule: "PriceRule") -> Self:
        """Other prices for the same break of the same unit that are valid on a day on which `rule` is."""
        starts_before_end = Q() if rule.valid_to is None else Q(valid_from__lt=rule.valid_to)
        return self.filter(
            starts_before_end,
            Q(valid_to=None) | Q(valid_to__gt=rule.valid_from),
            price_list=rule.price_list_id,
            product=rule.product_id,
            unit=rule.unit_id,
            min_quantity=rule.min_quantity,
        ).exclude(pk=rule.pk)


class PriceRule(models.Model):
    """From `min_quantity` base units on, one `unit` of `product` costs `price`, while valid: [from, to)."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="rules", verbose_name=_("price list")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="prices", verbose_name=_("product")
    )
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, verbose_name=_("unit"))
    min_quantity = models.BigIntegerField(_("from quantity"), default=1, help_text=_("in base units"))
    price = models.DecimalField(_("price per unit"), max_digits=18, decimal_places=6)
    valid_from = models.DateField(_("valid from"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("valid until before"), null=True, blank=True)

    objects = PriceRuleQuerySet.as_manager()

    class Meta:
        ordering = ["price_list", "product", "unit", "min_quantity", "valid_from"]
        verbose_name = _("price rule")
        verbose_name_plural = _("price rules")
        permissions = [("export_prices", _("Can export prices"))]
        indexes = [models.Index(fields=["product", "price_list"], name="price_rules_of_a_product")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="price_is_never_negative"),
            models.CheckConstraint(condition=Q(min_quantity__gte=1), name="break_starts_at_one_or_more"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="price_is_valid_for_a_while",
            ),
            ExclusionConstraint(
                name="one_price_per_break_and_day",
                expressions=[
                    (point("price_list_id"), RangeOperators.OVERLAPS),
                    (point("product_id"), RangeOperators.OVERLAPS),
                    (point("unit_id"), RangeOperators.OVERLAPS),
                    (point("min_quantity"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            "valid_from",
                            "valid_to",
                            RangeBoundary(),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} {self.product.sku} {self.min_quantity}+"


class PriceListAssignment(models.Model):
    """For whom a price list is: a customer and its children, a group, or everyone when neither is named."""

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("price list")
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("customer"),
    )
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("group")
    )

    class Meta:
        ordering = ["price_list", "pk"]
        verbose_name = _("assignment of a price list")
        verbose_name_plural = _("assignments of price lists")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "customer", "group"],
                nulls_distinct=False,
                name="one_assignment_per_party",
            ),
            models.CheckConstraint(
                condition=Q(customer=None) | Q(group=None), name="assignment_names_one_party_at_most"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} → {self.customer or self.group or _('everyone')}"
