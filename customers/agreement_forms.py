"""What people type into the draft of an agreement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

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
    """What one unit of a product costs; the unit is named by its code among the product's units."""

    unit_code = forms.CharField(
        label=_("Unit"),
        max_length=3,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("empty: the one offered first"),
    )

    class Meta:
        model = AgreementLine
        fields = ("product", "price", "committed", "maximum")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "unit_code" in self.fields:
            self.fields["unit_code"].initial = self.instance.unit.code

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("product") and "unit_code" in values:
            self._choose_unit(values["product"], clean_code(values["unit_code"]))
        committed, maximum = values.get("committed") or 0, values.get("maximum")
        if committed < 0 or (values.get("price") or 0) < 0:
            self.add_error("committed", _("Prices and quantities are 0 or more."))
        if maximum is not None and maximum < max(1, committed):
            self.add_error(
                "maximum", _("At most cannot be less than what is committed; raise it, or leave it empty.")
            )
        return values

    def _choose_unit(self, product: Any, code: str) -> None:
        try:
            self.instance.unit = unit_of(product, code)
        except ValidationError as mistake:
            self.add_error("unit_code", mistake)
