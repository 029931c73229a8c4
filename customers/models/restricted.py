"""Products that are sold to some customers only."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.parties import Customer, CustomerGroup
from inventory.models import Category, Product
from oms.models import User


class RestrictedSaleQuerySet(models.QuerySet["RestrictedSale"]):
    def visible_to(self, user: User) -> Self:
        """Those for groups, and those for the customers whom the user sees."""
        if not user.has_perm("customers.view_restrictedsale"):
            return self.none()
        return self.filter(Q(customer=None) | Q(customer__in=Customer.objects.visible_to(user)))


class RestrictedSale(models.Model):
    """Somebody to whom a product, or whatever lies in a category, is sold; nobody else gets it.

    Who is named for a product counts for it and not who is named for its category, the nearest category before those
    above it. A customer stands for the companies below it too, a group for those that buy through it.
    """

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
        help_text=_("or a category, one of the two"),
    )
    category = models.ForeignKey(
        Category,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
        help_text=_("with all categories below it"),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="restricted_sales",
        verbose_name=_("customer"),
        help_text=_("with the companies below it; or a group, one of the two"),
    )
    group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer group"),
    )

    objects = RestrictedSaleQuerySet.as_manager()

    class Meta:
        ordering = [
            F("product__sku").asc(nulls_last=True),
            F("category__name").asc(nulls_last=True),
            F("group__name").asc(nulls_last=True),
            F("customer__name").asc(nulls_last=True),
        ]
        verbose_name = _("restricted sale")
        verbose_name_plural = _("restricted sales")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "category", "customer", "group"],
                nulls_distinct=False,
                name="named_once_for_a_restricted_sale",
                violation_error_message=_("This is there already."),
            ),
            models.CheckConstraint(
                condition=Q(product=None, category__isnull=False) | Q(product__isnull=False, category=None),
                name="restricted_is_a_product_or_a_category",
                violation_error_message=_("Choose a product or a category, one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(customer=None, group__isnull=False) | Q(customer__isnull=False, group=None),
                name="restricted_to_a_customer_or_a_group",
                violation_error_message=_("Choose a customer or a group, one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product or self.category} → {self.customer or self.group}"
