"""What people type into a schedule of call-offs: quantities in the unit that is agreed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Agreement, AgreementLine
from inventory.units import as_ordered
from oms.errors import Refused
from oms.models import User
from oms.numbers import read_decimal
from orders.fields import CleanCharField, DayField
from orders.models import CallOff, CallOffSchedule
from orders.services.scheduling import MOST_DAYS, Portions
from orders.status import Interval

INPUT = {"class": "oms-input"}
FIGURE = {**INPUT, "inputmode": "decimal", "autocomplete": "off", "maxlength": 20}


class LineField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A line of the agreement, with the unit in which quantities are typed."""

    def label_from_instance(self, line: AgreementLine) -> str:
        return f"{line.reach}, {line.sold_in.name}"


class PlaceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, address: Address) -> str:
        return f"{address.code}: {address.name}, {address.city}"


def day() -> DayField:
    return DayField(
        label=_("Day"), widget=forms.DateInput(attrs={**INPUT, "type": "date"}, format="%Y-%m-%d")
    )


def quantity() -> CleanCharField:
    return CleanCharField(label=_("Quantity"), max_length=20, widget=forms.TextInput(attrs=FIGURE))


class PlanForm(forms.Form):
    """One day, or several at an interval."""

    line = LineField(AgreementLine.objects.none(), label=_("Product"), empty_label=None)
    ship_to = PlaceField(Address.objects.none(), label=_("Ship to"), empty_label=None)
    quantity = quantity()
    first = day()
    count = forms.IntegerField(
        label=_("How many times"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=1,
        widget=forms.NumberInput(INPUT),
    )
    interval = forms.ChoiceField(label=_("How often"), choices=Interval.choices, widget=forms.Select(INPUT))

    def __init__(self, agreement: Agreement, user: User, data: Any = None) -> None:
        super().__init__(data)
        near = [one.pk for one in Address.objects.near(agreement.customer_id) if one.is_ship_to]
        line, ship_to = self.fields["line"], self.fields["ship_to"]
        line.queryset = agreement.lines.of_one_product().select_related("product", "unit")  # type: ignore[attr-defined]
        ship_to.queryset = Address.objects.visible_to(user).filter(pk__in=near)  # type: ignore[attr-defined]
        for field in (line, ship_to):
            field.widget.attrs.update(INPUT)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("line") and values.get("quantity"):
            _read_quantity(self, values["line"], values["line"].unit)
        return values

    def portions(self) -> Portions:
        values: Mapping[str, Any] = self.cleaned_data
        return Portions(
            values["line"].pk,
            values["ship_to"].pk,
            values["quantity"],
            values["first"],
            Interval(values["interval"]),
            values["count"],
        )


class ChangeForm(forms.Form):
    """Another day or quantity of a call-off."""

    requested_on = day()
    quantity = quantity()

    def __init__(self, one: CallOff, data: Any = None) -> None:
        super().__init__(data)
        self.one = one

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("quantity"):
            _read_quantity(self, self.one.agreement_line, self.one.unit)
        return values


class TermsForm(forms.Form):
    """How many days before the day requested, and under which PO number."""

    lead_days = forms.IntegerField(
        label=_("Days ahead"), min_value=0, max_value=365, widget=forms.NumberInput(INPUT)
    )
    customer_po = CleanCharField(
        label=_("PO number"), max_length=60, required=False, widget=forms.TextInput(INPUT)
    )

    def __init__(self, schedule: CallOffSchedule, data: Any = None) -> None:
        known = {"lead_days": schedule.lead_days, "customer_po": schedule.customer_po}
        super().__init__(data, initial=known)


def _read_quantity(form: forms.Form, line: AgreementLine, unit: Any) -> None:
    """Turn what was typed into base units, or say at the field what can be ordered."""
    try:
        typed: Decimal = read_decimal(form.cleaned_data["quantity"])
        form.cleaned_data["quantity"] = as_ordered(typed, unit, sku=line.reach, name=unit.name)
    except (ValueError, Refused) as mistake:
        form.add_error("quantity", str(mistake))
