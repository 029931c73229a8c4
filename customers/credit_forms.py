"""The form of a credit account: what is granted, and what accounting knows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from customers.models import CreditAccount
from customers.models.credit import FIGURES, TERMS
from customers.services.crediting import Grant, Told, terms_of, wrong_figures
from oms.admin.base import CleanForm
from oms.company import business_day
from oms.money import with_decimals

AMOUNTS = (
    "credit_limit",
    "insured_limit",
    "overdue_amount",
    "receivables",
    "unapplied",
    "deposits",
    "overdue",
)


class CreditAccountForm(CleanForm):
    """Says at once which figures cannot be."""

    note = forms.CharField(
        label=_("Why it is changed"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_until = self.instance.as_of if self.instance.pk else None
        if not self.instance.pk:
            usual = {**Grant(None)._asdict(), "as_of": business_day()}
            self.initial = {**usual, **self.initial}
            return
        if not self.instance.is_open:
            waiting = self.instance.proposals.waiting().first()
            self.initial.update((terms_of(waiting) if waiting else Grant(None))._asdict())
        exponent = self.instance.currency.exponent
        shown = {name: self.initial[name] for name in AMOUNTS if self.initial.get(name) is not None}
        self.initial.update({name: with_decimals(amount, exponent) for name, amount in shown.items()})

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if set(FIGURES) <= values.keys():
            told = Told(*(values[name] for name in FIGURES))
            for wrong in wrong_figures(told, known_until=self.known_until, today=business_day()):
                self.add_error(None, wrong)
        return values

    @property
    def granted(self) -> Grant:
        return terms_of(self.instance)

    @property
    def told(self) -> Told:
        return Told(*(getattr(self.instance, name) for name in FIGURES))

    class Meta:
        model = CreditAccount
        fields = ["customer", "currency", *TERMS, *FIGURES]
