"""GTINs: the numbers under barcodes, with their check digit."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum import ean

LENGTHS = (8, 12, 13, 14)


def one_gtin(text: str) -> str:
    """Return the one way in which a GTIN is kept, of those that differ in zeros in front; other texts as they are.

    By GS1 all lengths are one number of 14 digits. Files, labels and scanners write it in the length they know.
    """
    if not (text.isascii() and text.isdigit() and len(text) in LENGTHS):
        return text
    bare = text.lstrip("0")
    return next((bare.zfill(length) for length in LENGTHS if length >= len(bare)), text)


def ways_of(gtin: str) -> list[str]:
    """Return all ways in which this GTIN is written, the shortest first."""
    bare = gtin.lstrip("0")
    return [bare.zfill(length) for length in LENGTHS if length >= len(bare)]


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
