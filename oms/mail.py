"""Letters: a subject and a plain text from a template, to whoever has an address."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from oms.models import Company
from oms.text import clean

SUBJECT_LENGTH = 150
Enclosed = tuple[str, bytes, str]  # the name of a file, what is in it, its media type


def send_letter(
    template: str,
    subject: str,
    to: Iterable[str],
    context: Mapping[str, Any],
    enclosed: Sequence[Enclosed] = (),
) -> bool:
    """Send one letter to everybody in `to`; return whether there was anybody.

    Raise SMTPException or OSError when the mail server does not take it.
    """
    addresses = sorted({address for address in to if address})
    if not addresses:
        return False
    company = Company.objects.first()
    body = render_to_string(template, {**context, "company": company})
    sender = company.email or None if company else None
    letter = EmailMessage(clean(subject)[:SUBJECT_LENGTH], body, from_email=sender, to=addresses)
    for file in enclosed:
        letter.attach(*file)
    letter.send()
    return True
