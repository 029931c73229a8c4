"""What one field of a form takes, and how it is drawn."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oms.money import as_typed
from oms.numbers import read_decimal
from oms.text import clean
from orders.discounts import DocumentDiscount, read_document_discount

ISO = ["%Y-%m-%d"]
LONGEST_AMOUNT = 30


class CleanCharField(forms.CharField):
    """Text on one line, without what nobody can see and no database can hold."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(None if value is None else clean(str(value)))


class DayField(forms.DateField):
    """A day as browsers send it: 2026-06-14."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=ISO, **kwargs)


class DiscountField(CleanCharField):
    """A discount on a whole document, typed as `5 %` or as an amount."""

    def to_python(self, value: Any) -> DocumentDiscount | str:  # type: ignore[override]
        try:
            return read_document_discount(super().to_python(value) or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class AmountField(CleanCharField):
    """An amount typed as 12.50; nothing is 0. The usual one is offered."""

    def __init__(self, *, usual: Decimal | None, exponent: int, **options: Any) -> None:
        hint = as_typed(usual, exponent) if usual else ""
        widget = Offered(
            hint, attrs={"inputmode": "decimal", "placeholder": hint, "maxlength": LONGEST_AMOUNT}
        )
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> Decimal | str:  # type: ignore[override]
        try:
            return read_decimal(super().to_python(value) or "0")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class Offered(forms.TextInput):
    """A text box that offers one value to take."""

    def __init__(self, offer: str, **options: Any) -> None:
        super().__init__(**options)
        self.offer = offer

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        box = super().render(name, value, attrs, renderer)
        listed = '{}<datalist id="{}"><option value="{}"></datalist>'
        return format_html(listed, box, self.attrs.get("list", ""), self.offer) if self.offer else box


class OneOfThese(forms.Select):
    """A choice of which none is empty. To find that out Django would read all of them once more."""

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class NumbersField(forms.Field):
    """Numbers of documents, each a checkbox."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return [number for number in map(clean, value or []) if number]
