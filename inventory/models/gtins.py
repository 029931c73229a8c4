"""A GTIN as it is kept: one way for each number, whoever writes it or asks for it."""

from typing import Any

from django.db import models
from django.db.models import Q

from oms.barcodes import one_gtin, require_gtin

SPARE_ZEROS = r"^(0\d{12}|0\d{13}|0000\d{8})$"


class GtinField(models.CharField):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Keeps and finds a GTIN without the zeros in front that a shorter length has not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 14, "validators": [require_gtin]}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """A migration knows it as the column it is."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value: Any) -> Any:
        return _kept(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return _kept(super().get_prep_value(value))


def _kept(value: Any) -> Any:
    return one_gtin(value) if isinstance(value, str) else value


def kept_one_way() -> models.CheckConstraint:
    return models.CheckConstraint(condition=~Q(gtin__regex=SPARE_ZEROS), name="gtin_is_kept_one_way")
