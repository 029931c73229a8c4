"""Who carries our parcels."""

from typing import Self
from urllib.parse import quote

from django.db import models
from django.utils.translation import gettext_lazy as _

from fulfillment.status import CarrierKind
from oms.models import User


class CarrierQuerySet(models.QuerySet["Carrier"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("fulfillment.view_carrier") else self.none()


class Carrier(models.Model):
    """A carrier, how we hear from it, and where a customer follows a parcel."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(
        _("news come"), max_length=20, choices=CarrierKind.choices, default=CarrierKind.MANUAL
    )
    tracking_url = models.CharField(
        _("tracking address"),
        max_length=200,
        blank=True,
        help_text=_("with {number} where the tracking number goes"),
    )

    objects = CarrierQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")

    def __str__(self) -> str:
        return self.name

    def url_for(self, tracking_number: str) -> str:
        """Return where a parcel is followed, nothing when that is no web address."""
        if not tracking_number or not self.tracking_url.startswith(("https://", "http://")):
            return ""
        return self.tracking_url.replace("{number}", quote(tracking_number, safe=""))
