"""Files as they leave us: always to be saved, never shown or run under our address."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

NEVER_RUN = "sandbox; default-src 'none'; frame-ancestors 'none'"


def as_download(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with a file that no browser opens in place, guesses the type of, or keeps."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NEVER_RUN
    response["Cache-Control"] = "private, no-store"
    return response
