"""Text as it may enter the database: composed, trimmed, and nothing invisible in it."""

import unicodedata

BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")  # between two words, or lines, as `str.split` has them
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """Return `text` in NFC without surrounding blanks and invisible characters, on one line."""
    if (
        text.isascii() and text.isprintable()
    ):  # nearly all of a file's cells: nothing to do, and 30 times as fast
        return text.strip()
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    blank = "".join(" " if c in BREAKS else c for c in composed)
    return "".join(c for c in blank if unicodedata.category(c) not in INVISIBLE).strip()


def clean_code(text: str) -> str:
    """Return a code such as a SKU as it is stored: clean, with single inner blanks, case kept."""
    return " ".join(clean(text).split())
