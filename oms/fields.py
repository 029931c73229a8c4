"""Form fields that read numbers by the one strict grammar of this house."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from oms.numbers import read_decimal, read_whole


class StrictDecimalField(forms.DecimalField):
    """A number such as -1234.5; `1e3`, `1_000` and Arabic digits are refused, never guessed."""

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        try:
            return read_decimal(str(value))
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable


class StrictWholeField(forms.IntegerField):
    """A whole number such as 1200."""

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            return read_whole(str(value))
        except ValueError as unreadable:
            raise ValidationError(str(unreadable)) from unreadable
