"""Lines chosen by their numbers: `1-5, 8`. No database here."""

import re

from django.utils.translation import gettext as _

LARGEST = 10_000
PART = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)


def positions_in(text: str) -> frozenset[int]:
    """Return the numbers of the lines that are meant; raise ValueError with a sentence for anything else."""
    found: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*[-–]\s*", "-", text.strip())):
        span = PART.fullmatch(part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 0 < first <= last <= LARGEST:
            raise ValueError(_("“%(text)s” names no lines like 1-5, 8.") % {"text": text[:80]})
        found.update(range(first, last + 1))
    return frozenset(found)
