"""Why we say no about customers."""

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
