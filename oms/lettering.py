"""The letters of papers: which font draws which of them, how wide they are, and which of them nothing here can draw."""

import re
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from unicodedata import bidirectional, category, normalize

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display  # the faster one of the package does not turn brackets round
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

FONTS = Path(__file__).parent / "fonts"  # whatever is installed on the machine
PLAIN, BOLD, EAST_ASIAN = "Plain", "Bold", "EastAsian"
FILES = {
    PLAIN: "DejaVuSansCondensed.ttf",  # Latin, Greek and Cyrillic, Hebrew and Arabic
    BOLD: "DejaVuSansCondensed-Bold.ttf",
    EAST_ASIAN: "DroidSansFallback.ttf",  # Chinese, Japanese and Korean, plain and bold alike
}
FROM_THE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
# Hebrew, and what is joined already
STAND_AS_THEY_ARE = re.compile("[\u0590-\u05ff\ufb1d-\ufdff\ufe70-\ufefc]")
# The library stops at these, and there is nothing of them to see
NOT_ORDERED = {"", "LRI", "RLI", "FSI", "PDI"}
# Vowels stay, and no word becomes one sign: the font has no such signs.
ARABIC = ArabicReshaper({"delete_harakat": False, "ARABIC LIGATURE ALLAH": False})


@cache
def letters_of(font: str) -> frozenset[str]:
    """Load a font; return the characters it draws. The large one is loaded when the first paper needs it."""
    loaded = TTFont(font, FONTS / FILES[font])
    registerFont(loaded)
    return frozenset(map(chr, loaded.face.charToGlyph))


def in_order(text: str) -> str:
    """Return a line as it is drawn from the left: Arabic letters joined, what is read from the right turned round."""
    if not FROM_THE_RIGHT.search(text):
        return text
    return str(get_display("".join(char for char in joined(text) if bidirectional(char) not in NOT_ORDERED)))


def joined(text: str) -> str:
    """Return a line with its Arabic letters joined, still in the order in which it is read."""
    if not FROM_THE_RIGHT.search(text):
        return text
    return " ".join(map(_joined, text.split(" ")))


@lru_cache(maxsize=4096)
def _joined(word: str) -> str:
    return str(ARABIC.reshape(word))


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """Cut a line where its font changes, font and piece each; what a font lacks the East Asian one may have."""
    own = letters_of(font)
    if text.isascii() or own.issuperset(text):
        return [(font, text)]
    other = letters_of(EAST_ASIAN)
    fonts = groupby(text, lambda char: EAST_ASIAN if char not in own and char in other else font)
    return [(used, "".join(piece)) for used, piece in fonts]


def width_of(text: str, font: str, size: float) -> float:
    return float(sum(stringWidth(piece, used, size) for used, piece in runs(joined(text), font)))


def not_drawn(text: str) -> str:
    """Return each character once that would be an empty box, or a letter of Arabic kind that nothing here joins."""
    if text.isascii():
        return ""
    found = (char for char in joined(text) if not char.isspace() and not _is_drawn(char))
    return "".join(
        dict.fromkeys(normalize("NFKC", char) if STAND_AS_THEY_ARE.match(char) else char for char in found)
    )


def _is_drawn(char: str) -> bool:
    is_joined = (
        category(char) != "Lo" or bidirectional(char) not in {"R", "AL"} or STAND_AS_THEY_ARE.match(char)
    )
    if not is_joined:
        return False
    return (char in letters_of(PLAIN) and char in letters_of(BOLD)) or char in letters_of(EAST_ASIAN)
