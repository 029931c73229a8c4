"""One reading of moments that people and machines send us."""

from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

# PostgreSQL has years that Python has not, and no zone that is 16 hours or more away from UTC
AFTER, BEFORE = 1900, 9000


def read_moment(text: str) -> datetime | None:
    """Return the moment that is written, in UTC where it has a zone; None for what is none anybody can mean."""
    moment = _parsed(text)
    if moment is not None and moment.tzinfo is not None:
        try:
            moment = moment.astimezone(UTC)
        except OverflowError:
            return None
    return moment if moment is not None and AFTER < moment.year < BEFORE else None


def in_utc(text: str) -> str:
    """Return what a column is compared with, a moment with a zone in UTC; raise ValueError when nobody can mean it."""
    moment = _parsed(text)
    if moment is None or moment.tzinfo is None:
        return text
    if (known := read_moment(text)) is None:
        raise ValueError(text)
    return known.isoformat()


def _parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None
