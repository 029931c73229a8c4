"""How often somebody without a login may try something: counted in the database, for all processes together."""

from ipaddress import ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

COUNT = """
    INSERT INTO oms_attempts AS a (who, what, minute, count) VALUES (%s, %s, date_trunc('minute', now()), 1)
    ON CONFLICT (who, what, minute) DO UPDATE SET count = a.count + 1 RETURNING count
"""


def is_too_often(who: str, what: str, most: int) -> bool:
    """Count one more attempt within this minute; return whether it is more than `most`."""
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            [
                who[:80],
                what,
            ],
        )
        row = cursor.fetchone()
    return row is not None and row[0] > most


def address_of(request: HttpRequest) -> str | None:
    """Return from where a request comes: behind our proxy what the proxy saw, never what the visitor says."""
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.OMS_BEHIND_PROXY:
        seen = str(request.META.get("HTTP_X_FORWARDED_FOR", seen)).rpartition(",")[2].strip()
    try:
        return str(ip_address(seen))
    except ValueError:
        return None
