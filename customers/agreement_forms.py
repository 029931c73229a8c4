"""What people type into the draft of an agreement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.agreed import NOTHING, problems_of
from customers.forms import unit_of
from customers.models import Agreement, AgreementLine
from oms.admin.base import CleanForm
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
        for field, problem in problems_of(values):
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
