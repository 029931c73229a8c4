"""What customers call our products."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now, Upper
from django.utils.translation import gettext_lazy as _

from customers.models.parties import Customer
from inventory.models import ProductUnit
from oms.models import User


class CustomerPartNumberQuerySet(models.QuerySet["CustomerPartNumber"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user))

    def called(self, numbers: Iterable[str]) -> Self:
        """Those with one of these numbers, whatever the case they are typed in."""
        return self.filter(key__any_of={compared(number) for number in numbers})


class CustomerPartNumber(models.Model):
    """A customer's own number for a product of ours; one of it is one of `unit`.

    It is `learned` when somebody remembered it while entering a document. Numbers are the same when their `key`,
    in capitals, is.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="part_numbers", verbose_name=_("customer")
    )
    number = models.CharField(_("their number"), max_length=60)
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, verbose_name=_("unit"))
    key = models.GeneratedField(
        expression=Upper("number"),
        output_field=models.CharField(max_length=60),
        db_persist=True,
        editable=False,
    )
    learned = models.BooleanField(_("learned while entering"), default=False)
    created_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("by")
    )

    objects = CustomerPartNumberQuerySet.as_manager()

    class Meta:
        ordering = ["customer", "number"]
        verbose_name = _("customer part number")
        verbose_name_plural = _("customer part numbers")
        constraints = [
            models.UniqueConstraint(fields=["customer", "key"], name="one_meaning_per_part_number")
        ]

    def __str__(self) -> str:
        return self.number


def compared(number: str) -> str:
    """Return a number as the database compares it: each letter that has one capital in capitals."""
    return "".join(letter.upper() if len(letter.upper()) == 1 else letter for letter in number)
