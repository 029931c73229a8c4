"""Numbers that authorities and banks give out, checked by their own arithmetic."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import bic, iban
from stdnum.eu import vat


def require_valid_vat(number: str) -> None:
    """Raise ValidationError when a number of an EU country fails its check; other countries' pass."""
    compact = "".join(number.split()).upper()
    if compact[:2].lower() in vat.MEMBER_STATES | {"el"} and not vat.is_valid(compact):
        raise ValidationError(
            _(
                "“%(number)s” is not a VAT number: its check digit or length is wrong. Compare it with the original."
            ),
            params={"number": number[:80]},
        )


def require_valid_iban(number: str) -> None:
    """Raise ValidationError when an account number fails its check digits."""
    if not iban.is_valid(number):
        raise ValidationError(
            _(
                "“%(number)s” is not an IBAN: its check digits or length are wrong. Compare it with the original."
            ),
            params={"number": number[:80]},
        )


def require_valid_bic(code: str) -> None:
    """Raise ValidationError when a bank's code does not have the form of one."""
    if not bic.is_valid(code):
        raise ValidationError(_("“%(code)s” is not a BIC like COBADEFFXXX."), params={"code": code[:80]})
