"""In which language a customer is spoken to: its own, else the company's. The office itself speaks English.

What is kept is never written in a customer's language, only what is shown, sent or printed for it.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from oms.models import Company


def in_language_of(code: str, company: Company | None = None) -> translation.override:
    """Speak a customer's language for a while, the company's where `code` is empty or none that is known here.

    Without `company` that may take one statement.
    """
    return translation.override(known(code) or _ours(company))


def in_language_of_reader(request: HttpRequest, company: Company | None) -> translation.override:
    """Speak what the browser asks for to somebody of whom nothing is known; the company's where it asks for nothing."""
    return translation.override(_asked_for(request) or _ours(company))


def in_our_words() -> translation.override:
    """Speak as the office does, for what is kept and read there."""
    return translation.override(settings.LANGUAGE_CODE)


def known(code: str) -> str:
    """Return the code of a language that there is a catalogue for, else nothing."""
    return code if code in dict(settings.LANGUAGES) else ""


def _ours(company: Company | None) -> str:
    company = company or Company.objects.only("language").first()
    return (known(company.language) if company else "") or settings.LANGUAGE_CODE


def _asked_for(request: HttpRequest) -> str:
    for code, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "").lower()):
        if found := known(code) or known(code.partition("-")[0]):
            return found
    return ""
