"""What somebody typed or scanned into the one box, read as the things it may stand for. No database here."""

import re
from dataclasses import dataclass
from functools import cached_property

from oms.barcodes import LENGTHS, ways_of, why_no_gtin
from oms.text import clean_code

LONGEST = 100
MOST_WORDS = 8
SHORTEST_WORD = 2
NUMBER = re.compile(r"([A-Z]{1,4})?[- ]?([0-9]{1,15})")
SCANNERS_MARK = re.compile(r"^\][A-Za-z][0-9]")  # what some scanners send in front of a code, such as ]E0


@dataclass(frozen=True)
class Typed:
    """A text without what is invisible, at most so long; `code` is it in capitals."""

    text: str

    @classmethod
    def read(cls, raw: str) -> "Typed":
        return cls(SCANNERS_MARK.sub("", clean_code(raw))[:LONGEST])

    def __bool__(self) -> bool:
        return bool(self.text)

    @cached_property
    def code(self) -> str:
        return self.text.upper()

    @cached_property
    def in_one_piece(self) -> str:
        """The code without blanks and dashes: how people write tracking numbers is not how carriers send them."""
        return re.sub(r"[ -]", "", self.code)

    def number(self, prefix: str) -> str:
        """Return the document number meant, `SO-1042` for `so 1042` or a bare `1042`, else nothing."""
        found = NUMBER.fullmatch(self.code)
        if found is None or found[1] not in (None, prefix):
            return ""
        return f"{prefix}-{found[2]}"

    @cached_property
    def gtins(self) -> list[str]:
        """A barcode as it may be stored, with zeros in front or without. Empty for any other text."""
        if why_no_gtin(self.in_one_piece):
            return []
        return ways_of(self.in_one_piece)

    @property
    def is_broken_gtin(self) -> bool:
        """Whether this has the length of a barcode, and a wrong check digit."""
        digits = self.in_one_piece
        return digits.isascii() and digits.isdigit() and len(digits) in LENGTHS and not self.gtins

    @cached_property
    def words(self) -> str:
        """The words as a query of PostgreSQL's text search, each the beginning of one; nothing without a word."""
        found = [word for word in re.findall(r"[^\W_]+", self.text) if len(word) >= SHORTEST_WORD]
        return " & ".join(f"'{word}':*" for word in found[:MOST_WORDS])
