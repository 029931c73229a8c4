"""What people type about customers and prices."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextInputWidget

from customers.address_rules import wrong_parts
from customers.errors import NumberTaken
from customers.models import Customer, CustomerPartNumber, PriceList, PriceListVersion, PriceRule
from customers.models.tree import lineage_of
from customers.price_rules import USUAL_PRIORITY
from customers.services.part_numbers import require_no_sku
from customers.services.versions import version_to_edit
from customers.status import BreakBasis, PriceKind
from inventory.errors import UnknownCodes
from inventory.finding import units_by_code
from inventory.models import Product, ProductUnit
from oms.admin.base import CleanForm, KnownKeys
from oms.company import business_day
from oms.errors import Refused
from oms.fields import StrictDecimalField
from oms.legal import require_valid_vat
from oms.text import clean_code

DAY = forms.DateInput({"type": "date", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%d")


class CustomerForm(CleanForm):
    """A customer; a VAT number is checked where it is typed."""

    def clean_vat_number(self) -> str:
        number: str = self.cleaned_data["vat_number"]
        if number and "vat_number" in self.changed_data:
            require_valid_vat(number, self._country())
        return number

    def _country(self) -> str:
        """Where a customer that is there already gets its bills; a number without letters is checked by it."""
        places = self.instance.addresses.filter(is_bill_to=True) if self.instance.pk else []
        return next((place.country for place in places), "")

    def clean_parent(self) -> Customer | None:
        """A parent that stands below would make a circle; the database refuses it in any case."""
        parent: Customer | None = self.cleaned_data["parent"]
        if parent and self.instance.pk and lineage_of(self.instance.pk).get(parent.pk, 1) <= 0:
            text = _("%(parent)s belongs to this customer already; a company cannot stand above itself.")
            raise ValidationError(text, params={"parent": parent})
        return parent


class AddressForm(CleanForm):
    """An address as its country wants it. What was there before the rule stays until it is changed."""

    PARTS = ("country", "postal_code", "region")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if any(name in self.changed_data for name in self.PARTS) and not self.errors:
            parts = {name: values.get(name, getattr(self.instance, name)) for name in self.PARTS}
            for name, wrong in wrong_parts(**parts).items():
                self.add_error(name, f"{parts[name]} {wrong.rule} {wrong.remedy}".strip())
        return values


class PartNumberForm(CleanForm):
    """What a customer calls a product; the product is named by its SKU, one of its units by a code."""

    sku = forms.CharField(label=_("our SKU"), max_length=60, widget=UnfoldAdminTextInputWidget())
    unit_code = forms.CharField(
        label=_("unit"),
        max_length=3,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("what one of theirs is; empty: the unit offered first"),
    )

    class Meta:
        model = CustomerPartNumber
        fields = ("customer", "number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "sku" in self.fields:
            self.fields["sku"].initial = self.instance.unit.product.sku
            self.fields["unit_code"].initial = self.instance.unit.code

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("sku") and "unit_code" in values:
            self._choose_unit(clean_code(values["sku"]), clean_code(values["unit_code"]).upper())
        if not self.errors and "number" in values:
            values["number"] = clean_code(values["number"])
            self._refuse_taken(values["number"], values.get("customer") or self.instance.customer)
        return values

    def _choose_unit(self, sku: str, code: str) -> None:
        try:
            self.instance.unit_id = units_by_code([(sku, code)])[sku, code].unit_id
        except UnknownCodes as refusal:
            self.add_error("sku", str(refusal))

    def _refuse_taken(self, number: str, customer: Customer) -> None:
        """Name what stands in the way; the database refuses the same number twice in any case."""
        others = (
            CustomerPartNumber.objects.filter(customer=customer).called({number}).exclude(pk=self.instance.pk)
        )
        try:
            if other := others.select_related("unit__product").first():
                raise NumberTaken(number, other.unit.product.sku, is_sku=False)
            require_no_sku(number, ProductUnit.objects.get(pk=self.instance.unit_id))
        except NumberTaken as refusal:
            self.add_error("number", str(refusal))


def unit_of(product: Product, code: str) -> ProductUnit:
    """Return the product's unit with this code, or the one offered first. Raise ValidationError naming its units."""
    units = list(product.units.all())
    for unit in units:
        if unit.code == code if code else unit.is_default:
            return unit
    offered = ", ".join(unit.code for unit in units) or "—"
    text = _("%(sku)s is not sold in “%(code)s”. Its units: %(offered)s.")
    raise ValidationError(text, params={"sku": product.sku, "code": code, "offered": offered})


USUAL = {"kind": PriceKind.FIXED, "basis": BreakBasis.LINE, "priority": USUAL_PRIORITY}


def _problems_of_reach(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    if values.get("category") and values.get("product"):
        yield "category", _("Name a product or a category, not both.")
    if (values["basis"] == BreakBasis.MIX) != bool(values.get("mix_group")):
        yield "mix_group", _("A mix group is named exactly where its quantity counts.")


def _problems_of_kind(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    percent, fixed = values.get("percent"), values["kind"] == PriceKind.FIXED
    if fixed and not values.get("price") and not values.get("free_of_charge"):
        yield "price", _("Enter a price, or say that it is free of charge.")
    if fixed and percent is not None:
        yield "percent", _("A fixed price has no percentage.")
    if not fixed and percent is None:
        yield "percent", _("Enter how many percent.")
    if values["kind"] == PriceKind.PERCENT_OFF and percent is not None and not 0 < percent < 100:
        yield "percent", _("Enter more than 0 and less than 100 percent.")
    if not fixed and values.get("floor") is not None:
        yield "floor", _("Only a fixed price has a floor of its own.")


class PriceRuleForm(CleanForm):
    """A price; its unit is named by its code among the product's units.

    It goes into the version of its list that takes changed prices: the one being made, else the one in force.
    """

    price_list = forms.ModelChoiceField(
        PriceList.objects.all(),
        label=_("Price list"),
        widget=KnownKeys(PriceListVersion._meta.get_field("price_list"), admin.site),
    )

    unit_code = forms.CharField(
        label=_("Unit"),
        max_length=3,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("the code of one of the product's units; empty: the one offered first"),
    )

    class Meta:
        model = PriceRule
        fields = (
            "product", "category", "min_quantity", "kind", "price", "percent", "free_of_charge", "floor", "basis",
            "mix_group", "incremental", "priority", "valid_from", "valid_to",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "unit_code" in self.fields:
            self.fields["unit_code"].initial = self.instance.unit.code if self.instance.unit else ""
            self.fields["price_list"].initial = self.instance.version.price_list_id
            self.fields["price_list"].disabled = True
        for name in {"price", *USUAL} & self.fields.keys():
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self._require_version(values.get("price_list"))
        self._require_of_its_kind(values)
        if values.get("kind") == PriceKind.FIXED and values.get("product") and "unit_code" in values:
            self._choose_unit(values["product"], clean_code(values["unit_code"]))
        elif values.get("unit_code"):
            self.add_error("unit_code", _("Only the fixed price of a product is per unit; leave it empty."))
        else:
            self.instance.unit = None
        if not self.errors:
            self._refuse_overlap(values)
        return values

    def _require_version(self, price_list: PriceList | None) -> None:
        if price_list is None or self.instance.pk:
            return
        try:
            self.instance.version = version_to_edit(price_list)
        except Refused as refusal:
            self.add_error("price_list", str(refusal))

    def _require_of_its_kind(self, values: dict[str, Any]) -> None:
        """Say what a rule of this kind needs and what it must not have; the database refuses it in any case."""
        for name, value in USUAL.items():
            values[name] = values.get(name) or value
        problems = dict(_problems_of_reach(values)) | dict(_problems_of_kind(values))
        for name, problem in problems.items():
            if name in self.fields and not self.errors.get(name):
                self.add_error(name, problem)
        if values["kind"] != PriceKind.FIXED:
            values["price"] = Decimal(0)

    def clean_valid_to(self) -> date | None:
        until: date | None = self.cleaned_data["valid_to"]
        since = self.cleaned_data.get("valid_from")
        if until and since and until <= since:
            raise ValidationError(_("A price ends after the day it starts on."))
        return until

    def _choose_unit(self, product: Any, code: str) -> None:
        try:
            self.instance.unit = unit_of(product, code)
        except ValidationError as mistake:
            self.add_error("unit_code", mistake)

    def _refuse_overlap(self, values: dict[str, Any]) -> None:
        """Name the price that stands in the way; the database refuses it in any case."""
        wanted = PriceRule(pk=self.instance.pk, unit=self.instance.unit, version=self.instance.version)
        for name in self.Meta.fields:
            setattr(wanted, name, values[name] if name in values else getattr(self.instance, name))
        if other := PriceRule.objects.overlapping(wanted).select_related("unit").first():
            self.add_error("min_quantity", in_the_way(other))


def stated(rule: PriceRule) -> str:
    """Return what a rule says, without its currency: 4.12, -5 %, cost + 20 %."""
    percent = format((rule.percent or Decimal(0)).normalize(), "f")
    if rule.kind == PriceKind.PERCENT_OFF:
        return f"-{percent} %"
    return f"cost + {percent} %" if rule.kind == PriceKind.COST_PLUS else format(rule.price.normalize(), "f")


def in_the_way(rule: PriceRule) -> str:
    """Return the sentence about a price that is valid on the same days."""
    until = date_format(rule.valid_to, "SHORT_DATE_FORMAT") if rule.valid_to else _("further notice")
    return str(
        _("From %(quantity)s on this list has %(price)s per %(unit)s already, valid from %(since)s until %(until)s "
          "(price %(id)s). End that one first, or choose other days.")
    ) % {
        "quantity": rule.min_quantity,
        "price": stated(rule),
        "unit": rule.unit.code if rule.unit else "—",
        "since": date_format(rule.valid_from, "SHORT_DATE_FORMAT"),
        "until": until,
        "id": rule.pk,
    }  # fmt: skip


class PriceQuestionForm(forms.Form):
    """What does this customer pay for so many of a SKU on a day?"""

    sku = forms.CharField(label=_("SKU"), max_length=60, widget=UnfoldAdminTextInputWidget())
    quantity = StrictDecimalField(
        label=_("Quantity"),
        initial=1,
        max_digits=15,
        decimal_places=6,
        validators=[MinValueValidator(Decimal("0.000001"))],
        widget=UnfoldAdminTextInputWidget({"inputmode": "decimal"}),
    )
    unit = forms.CharField(
        label=_("Unit"),
        max_length=3,
        required=False,
        help_text=_("empty: the one offered first"),
        widget=UnfoldAdminTextInputWidget(),
    )
    on = forms.DateField(label=_("On the day"), initial=business_day, widget=DAY)

    def clean_sku(self) -> str:
        return clean_code(self.cleaned_data["sku"])

    def clean_unit(self) -> str:
        return clean_code(self.cleaned_data["unit"])


class PriceListForm(forms.Form):
    """Of which products the prices are wanted, and on which day."""

    begins = forms.CharField(
        label=_("SKUs begin with"),
        max_length=60,
        required=False,
        help_text=_("empty: all"),
        widget=UnfoldAdminTextInputWidget(),
    )
    on = forms.DateField(label=_("On the day"), initial=business_day, widget=DAY)

    def clean_begins(self) -> str:
        return clean_code(self.cleaned_data["begins"])
