"""Plain text is cleaned at once, and comes out as text with an accent in it does."""

from hypothesis import given
from hypothesis import strategies as st

from oms.text import clean

ACCENT = "é"


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_cleaned_like_any_other(text):
    assert clean(text) == clean(f"{ACCENT}{text}{ACCENT}")[1:-1].strip()


def test_line_breaks_are_blanks_and_what_cannot_be_seen_goes():
    assert clean(" a\tb\r\nc\x00\x7f ") == "a b c"
