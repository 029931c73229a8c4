"""What people type about shipments."""

from django import forms
from django.utils.translation import gettext_lazy

from inventory.forms import CleanField


class ReasonForm(forms.Form):
    reason = CleanField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("everybody who looks at the order reads it later"),
    )
