"""Letters: a subject and a plain text from a template, to whoever has an address."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import get_language

from oms.models import Company
from oms.text import clean_code

SUBJECT_LENGTH = 150
Enclosed = tuple[str, bytes, str]  # the name of a file, what is in it, its media type


def send_letter(
    template: str,
    subject: str,
    to: Iterable[str],
    context: Mapping[str, Any],
    enclosed: Sequence[Enclosed] = (),
) -> bool:
    """Send one letter to everybody in `to`, in the active language; return whether there was anybody.

    Raise SMTPException or OSError when the mail server does not take it.
    """
    addresses = sorted({address for address in to if address})
    if not addresses:
        return False
    company = Company.objects.first()
    body = render_to_string(template, {**context, "company": company})
    sender = company.email or None if company else None
    headers = {"Content-Language": get_language() or settings.LANGUAGE_CODE}
    letter = EmailMessage(clean_code(subject)[:SUBJECT_LENGTH], body, sender, addresses, headers=headers)
    for file in enclosed:
        letter.attach(*file)
    letter.send()
    return True
