"""Each language has every text that customers read, with its places to fill in, and is compiled as it is written."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.formats import get_format

from oms.shown import grouped
from tests.languages.texts import ROOT, Text, texts

LOCALE = ROOT / "oms" / "locale"
PLACE = re.compile(r"%\(\w+\)s|%%")
CODES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
pytestmark = pytest.mark.parametrize("code", CODES)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def missing(catalog: Catalog) -> list[tuple[str, str]]:
    """Return the texts that a catalogue lacks, or has half, with where customers read them."""
    return [(text.singular, text.where) for text in texts() if not _is_there(catalog, text)]


def _is_there(catalog: Catalog, text: Text) -> bool:
    found = catalog.get((text.singular, text.plural) if text.plural else text.singular, text.context)
    if found is None or found.fuzzy:
        return False
    said = found.string if text.plural else (found.string,)
    return len(said) == (catalog.num_plurals if text.plural else 1) and all(said)


@pytest.fixture
def catalog(code):
    return read(LOCALE / code / "LC_MESSAGES" / "django.po")


def test_it_has_all_that_customers_read(catalog):
    assert not missing(catalog)


def test_one_text_less_is_seen(catalog):
    catalog.delete("Accept")
    catalog["Decline"].string = ""

    assert missing(catalog) == [("Accept", "public/quote.html"), ("Decline", "public/quote.html")]


def test_it_has_nothing_that_nobody_reads(catalog):
    wanted = {text.singular for text in texts()}

    assert not [message.id for message in catalog if message.id and _first(message.id) not in wanted]


def _first(message_id: str | tuple[str, str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def test_each_text_has_the_places_of_its_english(catalog):
    assert not [message.id for message in catalog if message.id and not _has_its_places(message)]


def _has_its_places(message: Message) -> bool:
    wanted = _places(_first(message.id))
    said = message.string if isinstance(message.id, tuple) else (message.string,)
    return all(_places(form) == wanted for form in said)


def _places(text: str) -> list[str]:
    return sorted(PLACE.findall(text))


def test_a_lost_place_is_seen(catalog):
    message = catalog["Order %(order)s"]
    assert _has_its_places(message)

    message.string = "Auftrag"

    assert not _has_its_places(message)


def test_it_is_compiled_as_it_is_written(code, catalog):
    compiled = BytesIO()
    write_mo(compiled, catalog)

    assert (LOCALE / code / "LC_MESSAGES" / "django.mo").read_bytes() == compiled.getvalue(), "make languages"


def test_it_has_its_own_way_with_days_and_numbers(code):
    with translation.override(code):
        point, group = get_format("DECIMAL_SEPARATOR"), get_format("THOUSAND_SEPARATOR")
        shown = grouped(1234567, 2)

    assert (ROOT / "oms" / "formats" / code / "formats.py").exists()
    assert shown == f"1{group}234{group}567{point}00"
    assert point != group
