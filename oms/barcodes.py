"""GTINs: the numbers under barcodes, with their check digit."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import ean

LENGTHS = {8, 12, 13, 14}


def why_no_gtin(text: str) -> tuple[str, str] | None:
    """Return what is wrong with a GTIN of bare digits and what would put it right; None when nothing is."""
    if not (text.isascii() and text.isdigit() and len(text) in LENGTHS):
        return (
            _("is not a GTIN of 8, 12, 13 or 14 digits."),
            _("If leading zeros are lost, format the column as text and enter it again."),
        )
    if not ean.is_valid(text):
        return _("has a wrong check digit."), _("Compare it with the barcode.")
    return None


def require_gtin(text: str) -> None:
    """Raise ValidationError when a text is no GTIN; blanks and dashes between its digits are not taken out."""
    if problem := why_no_gtin(text):
        rule, remedy = problem
        raise ValidationError(f"“{text}” {rule} {remedy}", code="gtin")
