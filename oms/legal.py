"""Numbers that authorities and banks give out, checked by their own arithmetic."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import bic, get_cc_module, iban
from stdnum.eu import vat


def tax_country(number: str, country: str = "") -> str:
    """Return whose tax number this is, by its letters or else by where its owner sits; "" when nobody can say."""
    letters = "".join(number.split()).upper()[:2]
    if letters.isascii() and letters.isalpha():
        return {"EL": "GR", "XI": "GB"}.get(letters, letters)
    return country.upper()


def is_valid_tax_number(number: str, country: str = "") -> bool:
    """Whether a tax number passes the check of its country; where no check is known, it does.

    Numbers come with their country's letters or, when `country` is given, without them.
    """
    compact = "".join(number.split()).upper()
    owner = tax_country(compact, country)
    if owner.lower() in vat.MEMBER_STATES:
        return bool(vat.is_valid(compact if compact[:2].isalpha() else f"{_letters(owner)}{compact}"))
    check = get_cc_module(owner.lower(), "vat") if owner.isalpha() and len(owner) == 2 else None
    return check is None or check.is_valid(compact) or check.is_valid(compact.removeprefix(owner))


def _letters(country: str) -> str:
    return "EL" if country == "GR" else country


def require_valid_vat(number: str, country: str = "") -> None:
    """Raise ValidationError when a tax number fails the check of its country; where none is known, it passes."""
    if not is_valid_tax_number(number, country):
        values = {"number": number[:80], "country": tax_country(number, country)}
        text = _(
            "“%(number)s” is not a VAT number of %(country)s: its check digit or length is wrong. "
            "Compare it with the original."
        )
        raise ValidationError(text, params=values)


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
