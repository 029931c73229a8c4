"""What bodies and parameters may hold, read strictly, and how numbers are written."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from oms.api.parsing import Number
from oms.numbers import read_decimal
from oms.text import clean, clean_code

DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
DECIMAL_TEXT = {"type": "string", "pattern": r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$"}
LONGEST_SHOWN = 80


def read_date(text: str) -> date:
    """Return the date written as 2026-11-30; raise ValueError with a sentence for anything else."""
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is not a date like 2026-11-30.") % {"text": text[:LONGEST_SHOWN]})


class Strict(serializers.Serializer[Any]):
    """An object with these fields and no other: nobody sets a status or a total by naming it."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        value = None
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(data, Mapping):
                raise
            errors.update(error.detail)  # type: ignore[arg-type]  # of an object it is one
        errors.update({name: [_("There is no such field.")] for name in data if name not in self.fields})
        if errors:
            raise serializers.ValidationError(errors)
        return value


class TextField(serializers.Field[str, Any, str, Any]):
    """A JSON string, cleaned as the database keeps it. A number is no text: it would lose its zeros."""

    def __init__(self, *, most: int, blank: bool = False, code: bool = False, **options: Any) -> None:
        self.most, self.blank, self.read = most, blank, clean_code if code else clean
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str) or isinstance(data, Number):
            raise serializers.ValidationError(_("This must be a text in quotes."))
        text = self.read(data)
        if len(text) > self.most:
            raise serializers.ValidationError(_("At most %(most)s characters.") % {"most": self.most})
        if not text and not self.blank:
            raise serializers.ValidationError(_("This must not be empty."))
        return text

    def to_representation(self, value: str) -> str:
        return value


@extend_schema_field({"oneOf": [DECIMAL_TEXT, {"type": "number"}]})
class NumberField(serializers.Field[Decimal, Any, str, Any]):
    """A decimal as JSON string or number, in the house's one grammar, with so many decimals at most."""

    def __init__(self, *, decimals: int, most: Decimal, positive: bool = False, **options: Any) -> None:
        self.decimals, self.most, self.positive = decimals, most, positive
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("This must be a number like 1234.50."))
        try:
            value = read_decimal(data) + 0  # a minus before nothing goes away
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error
        self._require_in_bounds(value)
        return value

    def _require_in_bounds(self, value: Decimal) -> None:
        if value < 0 or (self.positive and not value):
            raise serializers.ValidationError(
                _("This must be more than 0.") if self.positive else _("This must not be below 0.")
            )
        if value > self.most:
            raise serializers.ValidationError(_("This must be %(most)s at most.") % {"most": self.most})
        if value != round(value, self.decimals):
            raise serializers.ValidationError(
                _("At most %(decimals)s decimals.") % {"decimals": self.decimals}
            )

    def to_representation(self, value: Decimal) -> str:
        return str(value)


@extend_schema_field({"type": "string", "format": "date"})
class DayField(serializers.Field[date, Any, str, Any]):
    """A date as 2026-11-30 and nothing else that Python would also read."""

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str):
            raise serializers.ValidationError(_("This must be a date like 2026-11-30."))
        try:
            return read_date(data)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: date) -> str:
        return value.isoformat()


def as_money(value: Decimal, decimals: int) -> str:
    """Write an amount with the decimals of its currency, and more only where it has more."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    shown = max(decimals, -exponent if isinstance(exponent, int) else 0)
    return f"{value:.{shown}f}"


def as_decimal(value: Decimal) -> str:
    """Write a number without the zeros that only its column's scale adds."""
    return as_money(value, 0)
