"""A line that names several products: “je 3 A und B”, “10 A, 5 B”. What is a product is not known here."""

import re
from collections.abc import Iterable
from dataclasses import replace

from orders.pasting.numbers import NUMBER, read_number, unit_named
from orders.pasting.readings import Part, Reading
from orders.pasting.words import (
    FIRST,
    LAST,
    MOST_TOKENS,
    PRICE,
    count_of,
    is_codelike,
    own_terms,
    read_line,
    tokens_of,
    unbulleted,
)

AND = r"(?i:und|and|sowie|et|y|plus|u\.|oder|or|ou)"
BETWEEN = re.compile(rf"\s*(?:;|,(?!\d))\s*(?:(?P<strong>{AND})\s+)?|\s+(?P<and>{AND}|[&+])\s+")
CHOICE = re.compile(r"(?i:\b(?:oder|or|ou)\b)")
EACH = r"(?i:je|jeweils|each|chacune?|cada|ciascuno|elk)"
OF = r"(?:\s+(?i:of|von|de|vom|x)\b)?"
FOR_EACH = re.compile(
    rf"\b{EACH}\s+(?P<count>{NUMBER})(?!\w*[-/]\w)\s*[x×]?(?=\s|$|[^\W\d_]|[.,;)])"
    rf"|(?<!\S)(?P<counted>{NUMBER})\s*(?P<unit>[^\W\d_]{{1,12}})?\.?\s+{EACH}\b{OF}"
)
# How large it is that stands before, rather than what: “V-220, DN20”. Its kind stands once, two are two products.
DIMENSION = re.compile(r"(?i:(?P<kind>DN|PN|NW|SW|M|Ø)[ -]?\d{1,4}(?:[.,/x×]\d{1,4})?)")
COURTESY = re.compile(r"(?i:bitte|danke|thanks|please|merci)[.!]*")
SIDES = " ,;:()-–"
Items = list[tuple[str, bool]]  # with whether a word like “and” stands beside it
EACH_AT_END = re.compile(rf"(?P<list>{NUMBER}\s.*\S)\s+{EACH}[.!]?")
UNIT_BEHIND = re.compile(rf"\s*(?P<unit>[^\W\d_]{{1,12}})\b\.?(?=\s*[.,;)]*$|\s+(?!{AND}\s)[^\s&+]){OF}")


def parts_of(line: str, decimal: str) -> tuple[Part, ...]:
    """Return what the line may name, each with how many; nothing when it does not name several."""
    text = unbulleted(line)
    bare = PRICE.sub(_without_price, text)
    if EACH_AT_END.fullmatch(bare) and (at_end := EACH_AT_END.fullmatch(text)):
        return _for_each(f"je {at_end['list']}", decimal)
    found = FOR_EACH.findall(bare)
    if len(found) == 1:
        return _for_each(text, decimal)
    parts = _each_counted(text, decimal)
    return _unread(parts) if found else parts


def _without_price(found: re.Match[str]) -> str:
    return " " if found["plain"] or found["before"] or found["behind"] else found[0]


def _unread(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(replace(part, readings=()) for part in parts)


def _for_each(text: str, decimal: str) -> tuple[Part, ...]:
    """Return the products that one number holds for; those that have one of their own too leave a doubt."""
    rest, terms = own_terms(text, decimal)
    found = FOR_EACH.search(rest)
    if found is None:
        return ()
    before, behind = rest[: found.start()].strip(SIDES), rest[found.end() :].strip(SIDES)
    unit = found["unit"] or ""
    if not found["counted"] and (of := UNIT_BEHIND.match(behind)):
        unit, behind = of["unit"], behind[of.end() :].strip(SIDES)
    items, is_clear = _listed(_split(before), _split(behind))
    if not 1 < len(items) <= MOST_TOKENS:
        return ()
    one = Reading("", read_number(found["count"] or found["counted"], decimal), unit_named(unit), **terms)
    parts = [Part(item, _named(item, one), is_clear and _is_listed(item, strong)) for item, strong in items]
    is_clear &= not CHOICE.search(rest) and not any(FIRST.fullmatch(item) for item, _strong in items)
    return tuple(parts) if is_clear else _unread(parts)


def _listed(before: Items, behind: Items) -> tuple[Items, bool]:
    """Return the side of the number that lists products; where it may be either, both, and that this is not clear."""
    several = [side for side in (before, behind) if len(side) > 1]
    coded = [side for side in (before, behind) if any(map(_is_coded, side))]
    likely = [side for side in several if side in coded] or several
    if not several or (len(likely) == 1 and coded in ([], likely)):
        return (likely or [behind])[0], True
    return [*before, *behind], False


def _is_coded(item: tuple[str, bool]) -> bool:
    return any(is_codelike(token) for token in tokens_of(item[0]))


def _is_listed(item: str, strong: bool) -> bool:
    """Whether it is one of a list rather than words behind it."""
    is_word = " " not in item and not COURTESY.fullmatch(item)
    return strong or is_word or _is_coded((item, strong))


def _named(item: str, one: Reading) -> tuple[Reading, ...]:
    first, *others = tokens_of(item)
    codes = [item, first, *filter(is_codelike, others)]
    return tuple(replace(one, code=code) for code in dict.fromkeys(codes))


def _each_counted(text: str, decimal: str) -> tuple[Part, ...]:
    """Return the products that each have a number of their own; some without leave a doubt."""
    items = _split(text)
    if not 1 < len(items) <= MOST_TOKENS:
        return ()
    terse = all(_is_terse(own_terms(item, decimal)[0]) for item, _strong in items)
    parts = tuple(_part(item, decimal, strong=strong, terse=terse) for item, strong in items)
    parts = tuple(replace(part, surely=part.surely and not _describes(part.text, text)) for part in parts)
    terms = {_has_terms(part.readings[0]) for part in parts if part.readings}
    if CHOICE.search(text) or len(terms) > 1:  # whether a price at the end is that of all, nobody can say
        return _unread(parts)
    return parts


def _describes(item: str, text: str) -> bool:
    """Whether it is a dimension, and the only one of its kind."""
    found = DIMENSION.fullmatch(item)
    kinds = [one["kind"].upper() for one in DIMENSION.finditer(text) if _begins_word(one, text)]
    return found is not None and kinds.count(found["kind"].upper()) == 1


def _begins_word(found: re.Match[str], text: str) -> bool:
    return not found.start() or not text[found.start() - 1].isalnum()


def _has_terms(one: Reading) -> bool:
    return one.price is not None or bool(one.discounts)


def _is_terse(item: str) -> bool:
    """Whether it is a code with or without a number, and no words besides."""
    found = FIRST.fullmatch(item) or LAST.fullmatch(item)
    return " " not in (found["code"] if found else item)


def _part(item: str, decimal: str, *, strong: bool, terse: bool) -> Part:
    rest = own_terms(item, decimal)[0]
    counted = tuple(one for one in read_line(item, decimal) if one.code not in (item, rest))
    tokens = tokens_of(rest)
    coded = any(_is_mixed(token) and not count_of(token, decimal) for token in tokens)
    begins_with_count = FIRST.fullmatch(rest) is not None
    if strong:
        surely = coded or begins_with_count or (terse and not COURTESY.fullmatch(rest))
    else:
        surely = coded and (begins_with_count or len(tokens) == 1)
    return Part(rest, counted, surely)


def _is_mixed(token: str) -> bool:
    return is_codelike(token) and any(map(str.isalpha, token))


def _split(text: str) -> Items:
    """Return what stands between commas and words like “and”."""
    found: Items = []
    start, strong = 0, False
    for sign in BETWEEN.finditer(text):
        is_word = bool(sign["strong"] or sign["and"])
        found.append((text[start : sign.start()].strip(), strong or is_word))
        start, strong = sign.end(), is_word
    found.append((text[start:].strip(), strong))
    return [(item, strong) for item, strong in found if item]
