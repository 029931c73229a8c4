"""What people type into the draft of an agreement."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.forms import unit_of
from customers.models import Agreement, AgreementLine
from oms.admin.base import CleanForm
from oms.money import HUNDRED
from oms.text import clean_code


class AgreementForm(CleanForm):
    """For whom an agreement is and when; it ends after it begins."""

    class Meta:
        model = Agreement
        fields = ("customer", "name", "currency", "valid_from", "valid_to", "remind_on", "needs_approval")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        since, until = values.get("valid_from"), values.get("valid_to")
        if since and until and until <= since:
            self.add_error("valid_to", _("An agreement ends after it begins; choose a later end."))
        return values


class AgreementLineForm(CleanForm):
    """A price for a unit of a product, or a percentage for a product, a category or everything, and how much of it.

    The unit is named by its code among the product's units.
    """

    unit_code = forms.CharField(
        label=_("Unit"),
        max_length=3,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("empty: the one offered first"),
    )

    class Meta:
        model = AgreementLine
        fields = (
            "product", "category", "price", "percent", "committed", "maximum", "committed_value", "maximum_value",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.unit and "unit_code" in self.fields:
            self.fields["unit_code"].initial = self.instance.unit.code
        for name in NOTHING:
            if name in self.fields:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name, nothing in NOTHING.items():
            if name in values and values[name] is None:
                values[name] = nothing
        if "unit_code" in values:
            self._choose_unit(values.get("product"), values.get("percent"), clean_code(values["unit_code"]))
        for field, problem in [*_problems_of_price(values), *_problems_of_quantity(values)]:
            self.add_error(field, problem)
        return values

    def _choose_unit(self, product: Any, percent: Any, code: str) -> None:
        self.instance.unit = None
        if product is None or percent is not None:
            if code:
                self.add_error("unit_code", _("Only the price of a product is per unit; leave it empty."))
            return
        try:
            self.instance.unit = unit_of(product, code)
        except ValidationError as mistake:
            self.add_error("unit_code", mistake)


NOTHING = {"price": Decimal(0), "committed": 0, "committed_value": Decimal(0)}  # what an empty field means


def _problems_of_price(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    percent, price = values.get("percent"), values.get("price") or 0
    if values.get("product") and values.get("category"):
        yield "category", _("Name a product or a category, not both.")
    if percent is None and not values.get("product"):
        yield "percent", _("Only a product has a price; enter how many percent off.")
    if percent is not None and price:
        yield "percent", _("Enter a price or a percentage, not both.")
    if percent is not None and not 0 < percent < HUNDRED:
        yield "percent", _("Enter more than 0 and less than 100 percent.")
    if price < 0:
        yield "price", _("Prices and quantities are 0 or more.")


def _problems_of_quantity(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    by_quantity = values.get("committed") or values.get("maximum") is not None
    if by_quantity and (values.get("committed_value") or values.get("maximum_value") is not None):
        yield "committed_value", _("A line counts quantities or a value, not both.")
    if by_quantity and (values.get("percent") is not None or not values.get("product")):
        yield "committed", _("Only what has a price per unit is counted by quantity; enter a value instead.")
    for committed, maximum, least in (("committed", "maximum", 1), ("committed_value", "maximum_value", 0)):
        least_wanted, most = values.get(committed) or 0, values.get(maximum)
        if least_wanted < 0:
            yield committed, _("Prices and quantities are 0 or more.")
        if most is not None and (most < max(least, least_wanted) or not most):
            yield (
                maximum,
                _("At most cannot be less than what is committed; raise it, or leave it empty."),
            )
