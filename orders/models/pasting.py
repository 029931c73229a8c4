"""How a customer's lists are laid out, remembered from the last that was taken."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class PasteColumns(models.Model):
    """The columns of lists of one shape from one customer, as a person took them last."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_index=False, related_name="+", verbose_name=_("customer")
    )
    shape = models.CharField(_("shape"), max_length=200)
    roles = models.CharField(_("columns"), max_length=400)
    has_header = models.BooleanField(_("has a header"))
    decimal = models.CharField(_("before decimals"), max_length=1)
    taken_at = models.DateTimeField(_("taken at"), default=timezone.now)

    class Meta:
        verbose_name = _("columns of a paste")
        verbose_name_plural = _("columns of pastes")
        constraints = [
            models.UniqueConstraint(fields=["customer", "shape"], name="one_memory_per_customer_and_shape")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.shape}"
