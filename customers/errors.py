"""Why we say no about customers, their numbers and their prices."""

from django.utils.translation import gettext as _

from oms.errors import Refused


class NumberTaken(Refused):
    """A customer's number means another product already, or is itself an SKU of ours."""

    code = "number_taken"

    def __init__(self, number: str, sku: str, *, is_sku: bool) -> None:
        self.number, self.sku = number, sku
        if is_sku:
            text = _(
                "“%(number)s” is our own SKU of another product, which entry would take. Type our SKU instead."
            )
        else:
            text = _(
                "“%(number)s” already stands for %(sku)s with this customer. Change it among their part numbers."
            )
        super().__init__(text % {"number": number[:80], "sku": sku})


class NotHandedOver(Refused):
    """The customers stay with those who look after them."""

    code = "not_handed_over"


class VersionRefused(Refused):
    """A version of a price list cannot take this step now."""

    code = "version_refused"


class NoVersionToEdit(Refused):
    """The prices of a list change only by a version that a second person approves."""

    code = "no_version_to_edit"

    def __init__(self, price_list: str) -> None:
        super().__init__(
            _("Prices of %(list)s change only with a second person. Draft a new version on the list's page, or take "
              "the proposed one back to draft.")
            % {"list": price_list}
        )  # fmt: skip


class AgreementRefused(Refused):
    """An agreement cannot take this step now."""

    code = "agreement_refused"


class CreditRefused(Refused):
    """A credit account cannot be changed so, or be told that."""

    code = "credit_refused"
