"""One strict grammar for numbers that people and files send us.

Python and Django also read `1_000`, Arabic digits, `1e3` and `NaN`; an order must not.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

DECIMAL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?", re.ASCII)
WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
LARGEST_QUANTITY = 10**12


def read_decimal(text: str) -> Decimal:
    """Return the number written as `-1234.5`; raise ValueError with a sentence for anything else."""
    if not DECIMAL.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a number like 1234.50.") % {"text": text[:80]})
    return Decimal(text.strip())


def read_whole(text: str) -> int:
    """Return the whole number written as `-1234`; raise ValueError with a sentence for anything else."""
    if not WHOLE.fullmatch(text.strip()):
        raise ValueError(_("“%(text)s” is not a whole number like 1200.") % {"text": text[:80]})
    return int(text.strip())
