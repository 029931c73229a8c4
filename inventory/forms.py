"""What people type about stock, read strictly."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.finding import counted_in
from inventory.models import Location, Product, ProductUnit, Supplier, Warehouse
from inventory.status import REASONS_BY_HAND
from inventory.units import read_counted
from oms.admin.base import CleanForm
from oms.barcodes import one_gtin
from oms.errors import Refused
from oms.models import User
from oms.numbers import LARGEST_QUANTITY, read_whole
from oms.text import clean, clean_code

MOST_DAYS = 3650


class UnitForm(CleanForm):
    """A sales unit of a product. The ratio of one that is there is shown and stays as it is."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is not None:
            for name in {"numerator", "denominator"} & self.fields.keys():
                self.fields[name].disabled = True


class WholeField(forms.Field):
    """A whole number in the one grammar this house reads."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, *, least: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.least = least

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            number = read_whole(str(value))
        except ValueError as mistake:
            raise forms.ValidationError(str(mistake)) from mistake
        if self.least is not None and number < self.least:
            raise forms.ValidationError(_("Enter a number from %(least)s on.") % {"least": self.least})
        return number


class CleanField(forms.CharField):
    """One line of text with nothing invisible in it."""

    def to_python(self, value: Any) -> str:
        return clean(str(value)) if value not in self.empty_values else ""


class WeekdaysField(forms.MultipleChoiceField):
    """Weekdays ticked, kept as their digits: 12345 is Monday to Friday."""

    def __init__(self, **options: Any) -> None:
        days = [(str(n), name) for n, name in enumerate(WEEKDAYS.values(), start=1)]
        super().__init__(choices=days, **options)

    def prepare_value(self, value: Any) -> list[str]:
        return list(value or [])

    def clean(self, value: Any) -> str:
        return "".join(sorted(super().clean(value)))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class ProductField(CleanField):
    """A product by its SKU, or by the GTIN of one of its units as a scanner reads it."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})

    def clean(self, value: Any) -> Any:
        code = clean_code(super().clean(value))
        return product_by_code(code) if code else None


def product_by_code(code: str) -> Product:
    """Return the product with this SKU or GTIN; raise ValidationError naming the code."""
    product = products_by_code([code]).get(code) or Product.objects.filter(sku__iexact=code).first()
    if product is None:
        raise unknown_product(code)
    return product


def products_by_code(codes: Iterable[str]) -> dict[str, Product]:
    """Return the products with these SKUs or GTINs, in two statements."""
    wanted = set(codes)
    scanned = ProductUnit.objects.filter(gtin__in=wanted).select_related("product")
    numbers = {unit.gtin: unit.product for unit in scanned}
    found = {code: numbers[one_gtin(code)] for code in wanted if one_gtin(code) in numbers}
    return found | {product.sku: product for product in Product.objects.filter(sku__in=wanted)}


def unknown_product(code: str) -> forms.ValidationError:
    return forms.ValidationError(
        _("There is no product “%(code)s”. Type its whole SKU or scan it.") % {"code": code[:60]}
    )


class LocationField(CleanField):
    """A location of the person's warehouses: its code, or warehouse/code where two have the same."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
    user: User

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        return self._found(code) if code else None

    def _found(self, code: str) -> Location:
        site, _slash, rest = code.partition("/")
        named = Q(code=code) | Q(warehouse__code=site, code=rest)
        found = list(Location.objects.worked_by(self.user).select_related("warehouse").filter(named)[:2])
        if len(found) == 1:
            return found[0]
        text = (
            _("Two of your warehouses have “%(code)s”; type warehouse/code.")
            if found
            else _("Your warehouses have no location “%(code)s”.")
        )
        raise forms.ValidationError(text % {"code": code[:60]})


class StockForm(forms.Form):
    """What all changes of stock share: which product, and why."""

    product = ProductField(label=gettext_lazy("Product"), help_text=gettext_lazy("SKU or scanned GTIN"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, LocationField):
                field.user = user


def place(label: Any) -> LocationField:
    return LocationField(label=label, help_text=gettext_lazy("code or warehouse/code, as on its label"))


def reason(*, required: bool) -> CleanField:
    return CleanField(label=gettext_lazy("Reason"), max_length=200, required=required)


def document(help_text: Any) -> CleanField:
    return CleanField(label=gettext_lazy("Document"), max_length=40, help_text=help_text)


class AdjustForm(StockForm):
    location = place(gettext_lazy("Location"))
    difference = WholeField(
        label=gettext_lazy("Difference"),
        help_text=gettext_lazy(
            "in base units: 3 when three more lie there than the ledger says, -3 for three less"
        ),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=REASONS_BY_HAND)
    note = CleanField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("needed when the reason is another one"),
    )


class QuarantineForm(StockForm):
    location = place(gettext_lazy("From"))
    quantity = WholeField(label=gettext_lazy("Quantity"), least=1, help_text=gettext_lazy("in base units"))
    reason = reason(required=True)


class FreeForm(StockForm):
    source = place(gettext_lazy("Quarantine"))
    target = place(gettext_lazy("Into bin"))
    quantity = WholeField(label=gettext_lazy("Quantity"), least=1, help_text=gettext_lazy("in base units"))
    reason = reason(required=True)


class SheetForm(forms.Form):
    """Which bins to count; what is left empty does not narrow the choice."""

    warehouse = forms.ModelChoiceField(
        Warehouse.objects.none(), label=gettext_lazy("Warehouse"), empty_label=None
    )
    first = CleanField(
        label=gettext_lazy("From bin"), max_length=30, required=False, help_text=gettext_lazy("such as A-01")
    )
    last = CleanField(
        label=gettext_lazy("To bin"), max_length=30, required=False, help_text=gettext_lazy("such as A-20")
    )
    product = ProductField(
        label=gettext_lazy("Only this product"), required=False, help_text=gettext_lazy("SKU or scanned GTIN")
    )
    not_counted_days = WholeField(
        label=gettext_lazy("Not counted for"), least=1, required=False, help_text=gettext_lazy("days")
    )
    note = CleanField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        warehouses = self.fields["warehouse"]
        assert isinstance(warehouses, forms.ModelChoiceField)  # noqa: S101  declared above
        warehouses.queryset = Warehouse.objects.worked_by(user)

    def clean_not_counted_days(self) -> int:
        days: int = self.cleaned_data["not_counted_days"] or 0
        if days > MOST_DAYS:
            raise forms.ValidationError(_("Enter at most %(most)s days.") % {"most": MOST_DAYS})
        return days


class MoveForm(StockForm):
    source = place(gettext_lazy("From"))
    target = place(gettext_lazy("To"))
    quantity = WholeField(label=gettext_lazy("Quantity"), least=1, help_text=gettext_lazy("in base units"))
    reason = reason(required=False)


class ReceiveForm(StockForm):
    location = place(gettext_lazy("Into"))
    quantity = WholeField(label=gettext_lazy("Quantity"), least=1, help_text=gettext_lazy("in base units"))
    document = document(gettext_lazy("such as the delivery note's number"))
    reason = reason(required=False)


class FinishCountForm(forms.Form):
    found = WholeField(
        label=gettext_lazy("Found again"),
        least=0,
        help_text=gettext_lazy("of the missing units, in base units"),
    )


class ReasonForm(forms.Form):
    reason = reason(required=True)


class DeliveryForm(forms.Form):
    """How a delivery came; both may be empty."""

    delivery_note = CleanField(label=gettext_lazy("Delivery note"), max_length=40, required=False)
    received_on = forms.DateField(
        label=gettext_lazy("Came on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class PutAwayForm(forms.Form):
    """How many go where."""

    quantity = WholeField(label=gettext_lazy("Quantity"), least=1)
    into = place(gettext_lazy("Into"))

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        into = self.fields["into"]
        assert isinstance(into, LocationField)  # noqa: S101  declared above
        into.user = user
        self.fields["quantity"].widget.attrs["inputmode"] = "decimal"  # half a metre is typed too


class PurchaseForm(forms.Form):
    """The head of a purchase order."""

    supplier = forms.ModelChoiceField(Supplier.objects.none(), label=gettext_lazy("Supplier"))
    warehouse = forms.ModelChoiceField(Warehouse.objects.none(), label=gettext_lazy("Warehouse"))
    note = CleanField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, model in (("supplier", Supplier), ("warehouse", Warehouse)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = model.objects.visible_to(user)


def day(label: Any, *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


class DaysForm(forms.Form):
    """When a transfer leaves and arrives."""

    ship_on = day(gettext_lazy("Leaves on"))
    arrive_on = day(gettext_lazy("Arrives on"))


class TransferForm(DaysForm):
    """The head of a transfer."""

    source = forms.ModelChoiceField(Warehouse.objects.none(), label=gettext_lazy("From"))
    target = forms.ModelChoiceField(Warehouse.objects.none(), label=gettext_lazy("To"))
    note = CleanField(label=gettext_lazy("Note"), max_length=200, required=False)
    field_order = ("source", "target", "ship_on", "arrive_on", "note")

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("source", "target"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = Warehouse.objects.visible_to(user)


class SentForm(forms.Form):
    """So many of a product; a row without a product is not meant."""

    product = CleanField(label=gettext_lazy("Product"), required=False, widget=ProductField.widget)
    quantity: forms.Field = WholeField(label=gettext_lazy("Quantity"), least=1, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("product") and not values.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("How many?"))
        if values.get("quantity") and not values.get("product") and "product" not in self.errors:
            self.add_error("product", _("Which product?"))
        return values


class CountedForm(SentForm):
    """One row of a transfer: the quantity is typed in the unit that people count the product in."""

    quantity = CleanField(label=gettext_lazy("Quantity"), required=False, widget=WholeField.widget)


class ExpectedForm(SentForm):
    """One row of a purchase order."""

    expected_on = day(gettext_lazy("Expected on"), required=False)


class ExpectedRows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of a document; their products are found in two statements. Each field says in which row it is."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            told = {"field": field.label, "n": (index or 0) + 1}
            field.widget.attrs["aria-label"] = _("%(field)s, line %(n)s") % told

    def clean(self) -> None:
        found = products_by_code(form.cleaned_data.get("product", "") for form in self.filled())
        for form in self.filled():
            code = form.cleaned_data["product"]
            if code not in found:
                form.add_error("product", unknown_product(code))
            form.cleaned_data["product"] = found.get(code)

    def filled(self) -> list[forms.Form]:
        return [form for form in self.forms if getattr(form, "cleaned_data", {}).get("product")]


ExpectedFormSet = forms.formset_factory(
    ExpectedForm, formset=ExpectedRows, extra=8, max_num=500, validate_max=True
)


class CountedRows(ExpectedRows):
    """Rows whose quantities become base units once their products are known."""

    def clean(self) -> None:
        super().clean()
        rows = [form for form in self.filled() if form.cleaned_data.get("quantity")]
        counted = counted_in(form.cleaned_data["product"].pk for form in rows)
        for form in rows:
            product = form.cleaned_data["product"]
            each = counted[product.pk].each if product.pk in counted else 1
            try:
                form.cleaned_data["quantity"] = read_counted(form.cleaned_data["quantity"], each)
            except Refused as refusal:
                form.add_error("quantity", str(refusal))
                continue
            if not 0 < form.cleaned_data["quantity"] <= LARGEST_QUANTITY:
                form.add_error("quantity", _("Enter a quantity above 0."))


SentFormSet = forms.formset_factory(CountedForm, formset=CountedRows, extra=8, max_num=500, validate_max=True)
