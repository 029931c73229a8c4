"""What people fill in beside the lines: checked for form here, for sense by the services."""

from typing import Any

from django import forms
from django.core.validators import validate_email
from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Customer
from customers.models.tree import lineage_of
from customers.status import ShippingPolicy, Sourcing
from inventory.models import Warehouse
from oms.errors import Incomplete
from oms.models import User
from oms.text import clean
from orders.chosen import positions_in
from orders.fields import (
    LONGEST_AMOUNT,
    AmountField,
    CleanCharField,
    DayField,
    DiscountField,
    NumbersField,
    OneOfThese,
)
from orders.models import Order, Quote
from orders.services.charging import offered_kinds
from orders.services.deciding import Person
from orders.services.drafting import HeaderChange
from orders.services.quoting import Acceptance, Said, has_expired
from orders.services.splitting import Split
from orders.status import Deciding, Outcome

CHARGE = "charge_"  # and the kind's number: what a draft's header names the amount of a charge


class HeaderForm(forms.Form):
    """What stands above the lines of a draft, charges too. Only the given columns are asked for."""

    ship_to = forms.ModelChoiceField(
        queryset=Address.objects.none(), label=_("Ship to"), empty_label=None, widget=OneOfThese
    )
    bill_to = forms.ModelChoiceField(
        queryset=Address.objects.none(), label=_("Bill to"), empty_label=None, widget=OneOfThese
    )
    warehouse = forms.ModelChoiceField(
        queryset=Warehouse.objects.none(), label=_("Warehouse"), empty_label=None, widget=OneOfThese
    )
    requested_on = DayField(label=_("Needed by"))
    valid_until = DayField(label=_("Valid until"))
    customer_po = CleanCharField(label=_("PO number"), max_length=60, required=False)
    note = CleanCharField(label=_("Note"), max_length=500, required=False)
    discount = DiscountField(
        label=_("Discount on all"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("5 % or an amount"), "maxlength": LONGEST_AMOUNT}),
    )

    def __init__(
        self, document: Order | Quote, user: User, data: dict[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        near = _near(document, user)
        self.fields["ship_to"].queryset = near.filter(is_ship_to=True)  # type: ignore[attr-defined]
        self.fields["bill_to"].queryset = near.filter(is_bill_to=True)  # type: ignore[attr-defined]
        self.fields["warehouse"].queryset = Warehouse.objects.visible_to(user)  # type: ignore[attr-defined]
        if not user.has_perm("orders.override_price"):
            self.fields["discount"].widget.attrs["readonly"] = True
        for kind in offered_kinds():
            name = f"{CHARGE}{kind.pk}"
            self.fields[name] = AmountField(
                label=kind.name, usual=kind.amount, exponent=document.currency.exponent
            )
            self.fields[name].widget.attrs["list"] = f"id_{name}_usual"
        for name in _not_of(document) | (self.fields.keys() - data.keys() if data is not None else set()):
            self.fields.pop(name, None)

    def change(self) -> HeaderChange:
        """Return what was filled in. The form is valid."""
        values = dict(self.cleaned_data)
        charges = {
            int(name.removeprefix(CHARGE)): values.pop(name)
            for name in list(values)
            if name.startswith(CHARGE)
        }
        for name in ("ship_to", "bill_to", "warehouse"):
            if name in values:
                values[f"{name}_id"] = values.pop(name).pk
        return HeaderChange(**values, charges=charges)


def _not_of(document: Order | Quote) -> set[str]:
    return {"valid_until"} if isinstance(document, Order) else {"requested_on", "note", "bill_to"}


def _near(document: Order | Quote, user: User) -> QuerySet[Address]:
    """The customer's own addresses, then what the user sees of the companies above and below; what is chosen stays."""
    lineage = lineage_of(document.customer_id)
    nearness = Case(*(When(customer=pk, then=abs(distance)) for pk, distance in lineage.items()), default=0)
    seen = Q(customer=document.customer_id) | Q(customer__in=Customer.objects.visible_to(user))
    chosen = Q(pk__in={document.ship_to_id, getattr(document, "bill_to_id", None)} - {None})
    rows = Address.objects.filter(chosen | seen & Q(customer__in=lineage))
    return rows.order_by(nearness, "pk")


def put_at_fields(form: forms.Form, refusal: Incomplete) -> bool:
    """Put what is wrong at the fields it is about; return whether all of it has found one."""
    for problem in refusal.problems:
        if problem.at in form.fields:
            form.add_error(problem.at, problem.what)
    return all(problem.at in form.fields for problem in refusal.problems)


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = CleanCharField(label=_("Reason"), max_length=500, required=False)


class RequiredReasonForm(forms.Form):
    """Why something is held, declined or rejected."""

    reason = CleanCharField(label=_("Reason"), max_length=500)


class AcceptanceForm(forms.Form):
    """Who said yes at the customer's, and how we know."""

    name = CleanCharField(label=_("Name"), max_length=120)
    customer_po = CleanCharField(label=_("PO number"), max_length=60, required=False)
    evidence = CleanCharField(label=_("How we know"), max_length=300, required=False)
    came_on = DayField(label=_("The quote has expired. The acceptance came on"))

    def said(self) -> Said:
        return Said(evidence=self.cleaned_data["evidence"], came_on=self.cleaned_data.get("came_on"))

    def fit(self, quote: Quote) -> None:
        """Offer the PO number that is known; ask for it where the customer requires one.

        The day on which it came is asked for when the last day is over.
        """
        if not has_expired(quote):
            del self.fields["came_on"]
        field = self.fields["customer_po"]
        field.initial = quote.customer_po
        field.required = quote.customer.po_required and not quote.customer_po
        field.error_messages["required"] = _("%(customer)s requires one; ask for it and enter it.") % {
            "customer": quote.customer
        }

    def acceptance(self) -> Acceptance:
        return Acceptance(self.cleaned_data["name"], self.cleaned_data["customer_po"])


class AnswerForm(forms.Form):
    """A customer's own answer to a quote, from the page that a link opens."""

    name = CleanCharField(label=_("Your name"), max_length=120)
    customer_po = CleanCharField(label=_("Your purchase order number"), max_length=60, required=False)
    reason = CleanCharField(label=_("If you decline: why?"), max_length=500, required=False)
    agree = forms.BooleanField(label=_("I accept this quote for my company"), required=False)

    def __init__(self, data: Any = None, *, po_required: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        self.po_required = po_required

    @property
    def accepts(self) -> bool:
        return bool(self.data.get("answer") == "accept")

    def clean(self) -> None:
        if self.data.get("answer") not in ("accept", "decline"):
            raise forms.ValidationError(_("Choose whether you accept or decline."))
        if self.accepts and not self.cleaned_data.get("agree"):
            self.add_error("agree", _("Tick this to accept."))
        if self.accepts and self.po_required and not self.cleaned_data.get("customer_po"):
            self.add_error("customer_po", _("Your company orders with a number. Please enter it."))


class DecidersForm(forms.Form):
    """Who of the customer has to accept: a name on each line, with an e-mail address behind it if there is one."""

    rule = forms.ChoiceField(label=_("Who has to accept"), choices=Deciding.choices)
    people = forms.CharField(
        label=_("Who decides, each on a line: name, e-mail"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_people(self) -> list[Person]:
        """Return the people; a form error names what is no e-mail address."""
        return [_person(line) for line in self.cleaned_data["people"].splitlines() if clean(line)]


def _person(line: str) -> Person:
    name, _comma, email = (clean(part) for part in line.partition(","))
    if not name or len(name) > 120:
        raise forms.ValidationError(_("Each line begins with a name."))
    if email:
        validate_email(email)
    return Person(name, email)


class NoteForm(forms.Form):
    """What we tell each other, in several lines if need be."""

    text = forms.CharField(max_length=2000)

    def clean_text(self) -> str:
        """Return the text line by line without what nobody can see; a form error when nothing is left."""
        text = "\n".join(clean(line) for line in str(self.cleaned_data["text"]).splitlines()).strip()
        if not text:
            raise forms.ValidationError(_("Write something."))
        return text


class FollowUpForm(forms.Form):
    """When somebody asks the customer again."""

    day = DayField(label=_("Ask again on"), required=False)


class LinesForm(forms.Form):
    """Which lines become the order."""

    lines = CleanCharField(label=_("Which lines, e.g. 1-5, 8"), max_length=500)

    def clean_lines(self) -> frozenset[int]:
        """Return the positions; a form error for what names none."""
        try:
            return positions_in(self.cleaned_data["lines"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class SplitForm(LinesForm):
    """Which lines become an order of their own, and what is different there."""

    lines = CleanCharField(label=_("Which lines, e.g. 1-5, 8"), max_length=500)
    requested_on = DayField(label=_("Needed by"), required=False)
    ship_to = forms.ModelChoiceField(
        queryset=Address.objects.none(), label=_("Ship to"), required=False, empty_label=_("as before")
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def fit(self, order: Order) -> None:
        """Offer the addresses of the customer, and remember which state of the order is seen."""
        self.fields["revision"].initial = order.revision
        addresses = Address.objects.filter(customer=order.customer_id, is_ship_to=True)
        self.fields["ship_to"].queryset = addresses  # type: ignore[attr-defined]

    def split(self) -> Split:
        """Return what was filled in. The form is valid."""
        values, place = self.cleaned_data, self.cleaned_data["ship_to"]
        return Split(values["revision"], values["lines"], values["requested_on"], place.pk if place else None)


class ChangeForm(HeaderForm):
    """What becomes different in an order in work, beside the quantities of its lines."""

    LONGEST, MOST_ADDED = 20_000, 200
    ASKED = {"revision", "requested_on", "ship_to", "warehouse", "add", "reason"}  # the rest stays as agreed

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    add = forms.CharField(
        label=_("Add lines"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "autocapitalize": "characters", "spellcheck": "false"}),
    )
    reason = CleanCharField(label=_("Why, for the history"), max_length=300, required=False)

    def __init__(self, order: Order, user: User, data: Any = None) -> None:
        initial = {
            "revision": order.revision,
            "requested_on": order.requested_on,
            "ship_to": order.ship_to_id,
            "warehouse": order.warehouse_id,
        }
        super().__init__(order, user, data, auto_id="change_%s", initial=initial)
        for name in self.fields.keys() - self.ASKED:
            del self.fields[name]

    def added(self) -> list[str]:
        """Return the lines to add as they were typed."""
        return [text for text in map(str.strip, self.cleaned_data.get("add", "").splitlines()) if text]

    def clean_add(self) -> str:
        text = str(self.cleaned_data["add"])
        if len(text.splitlines()) > self.MOST_ADDED:
            raise forms.ValidationError(_("Add 200 lines at most at once."))
        return text

    def header(self) -> dict[str, Any]:
        """Return what was filled in beside the lines. The form is valid."""
        values = self.cleaned_data
        named = {f"{name}_id": values[name].pk for name in ("ship_to", "warehouse") if values.get(name)}
        return {
            "revision": values["revision"],
            "requested_on": values.get("requested_on"),
            "reason": values.get("reason", ""),
            **named,
        }


class OutcomeForm(forms.Form):
    """Why it was won or lost."""

    outcome = forms.ChoiceField(label=_("Mostly because of"), choices=Outcome.choices)
    note = CleanCharField(label=_("In words"), max_length=300, required=False)


class ReviseForm(forms.Form):
    """Until when the next version holds."""

    valid_until = DayField(label=_("Valid until"), required=False)


class ShippingTermsForm(forms.Form):
    """When a part of the order may go, in how many shipments, and from where."""

    shipping_policy = forms.ChoiceField(
        label=_("When not everything is there"), choices=ShippingPolicy.choices
    )
    sourcing = forms.ChoiceField(label=_("Stock may come"), choices=Sourcing.choices)
    minimum_percent = forms.IntegerField(
        label=_("Part from percent of the total"), min_value=0, max_value=100
    )
    minimum_value = forms.DecimalField(
        label=_("Part from value"), min_value=0, max_digits=18, decimal_places=4
    )
    most_shipments = forms.IntegerField(
        label=_("Shipments at most"), min_value=1, max_value=1000, required=False
    )


class PriorityForm(forms.Form):
    """How urgent an order is."""

    priority = forms.IntegerField(label=_("Priority, 1 is first"), min_value=1, max_value=9)


class SourceForm(forms.Form):
    """From which warehouse what is short shall come."""

    warehouse = forms.ModelChoiceField(queryset=Warehouse.objects.all(), label=_("Warehouse"))


class TakeForm(forms.Form):
    """Which orders give up what they hold, and why."""

    orders = NumbersField(label=_("Orders"), error_messages={"required": _("Choose at least one.")})
    reason = CleanCharField(label=_("Reason"), max_length=300)
