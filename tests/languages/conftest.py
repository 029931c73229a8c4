import pytest
from django.utils.translation import get_language, trans_real

from tests.builders import a_company, a_warehouse


@pytest.fixture
def house(db):
    a_company(phone="+49 40 1234", email="office@example.com")
    return a_warehouse("MAIN")


@pytest.fixture
def untranslated(monkeypatch):
    """Collect every text that is looked up in another language than English and is not in its catalogue."""
    found: set[str] = set()

    def watched(name, singular_at, context_at=None):
        real = getattr(trans_real, name)

        def look_up(*args):
            text = args[singular_at] if context_at is None else f"{args[context_at]}\x04{args[singular_at]}"
            if get_language() != "en" and text and not _is_known(str(text)):
                found.add(str(text))
            return real(*args)

        monkeypatch.setattr(f"django.utils.translation._trans.{name}", look_up, raising=False)

    watched("gettext", 0)
    watched("ngettext", 0)
    watched("pgettext", 1, 0)
    watched("npgettext", 1, 0)
    return found


def _is_known(text: str) -> bool:
    texts = trans_real.catalog()._catalog
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return texts.get(text) is not None or texts.get((text, 0)) is not None or texts.get((text, 1)) is not None
