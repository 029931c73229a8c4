"""Price lists renewed by a file: their rules in force with what the file says, as a new version of each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.errors import VersionRefused
from customers.models import PriceListAssignment, PriceListVersion
from customers.models.price_lists import ALWAYS
from customers.services.comparing import fingerprints_of
from customers.services.versions import COPIED, return_to_last
from customers.status import VersionStatus
from oms.company import business_day
from oms.importing.progress import tell
from oms.models import User
from oms.sets import array, insert_rows

PART = 10_000  # rules that one statement copies

# What a version takes over: all rules, those that the file changes as it changes them. Ended ones, too, or the same
# file once more would find them missing.
RULES = """
    FROM customers_pricerule r
    JOIN unnest(%(olds)s::bigint[], %(news)s::bigint[]) AS n(old, new) ON n.old = r.version_id
    LEFT JOIN unnest(%(ids)s::bigint[], %(prices)s::numeric[], %(ends)s::date[]) AS c(id, price, valid_to)
      ON c.id = r.id
"""
PARTS = f"""
    SELECT id FROM (SELECT r.id, row_number() OVER (ORDER BY r.id) AS place {RULES}) ordered
    WHERE place %% %(part)s = 0 ORDER BY id
"""  # noqa: S608
COUNT = f"SELECT count(*) {RULES}"
TAKEN = {
    "price": "CASE WHEN c.id IS NULL THEN r.price ELSE c.price END",
    "valid_to": "CASE WHEN c.id IS NULL THEN r.valid_to ELSE c.valid_to END",
}
COPY = f"""
    INSERT INTO customers_pricerule (version_id, {", ".join(COPIED)})
    SELECT n.new, {", ".join(TAKEN.get(name, f"r.{name}") for name in COPIED)} {RULES}
    WHERE r.id > %(after)s AND r.id <= %(until)s
"""
END = """
    UPDATE customers_pricelistversion v SET in_force_to = greatest(%(today)s::date, v.in_force_from)
    WHERE v.id = ANY(%(olds)s)
"""
FOLLOW = """
    UPDATE customers_pricelistversion v
    SET status = 'in_force', in_force_from = o.in_force_to, put_in_force_by_id = %(by)s
    FROM unnest(%(olds)s::bigint[], %(news)s::bigint[]) AS n(old, new) JOIN customers_pricelistversion o ON o.id = n.old
    WHERE v.id = n.new
"""
LAST = 2**62

Changed = Mapping[int, tuple[object, date | None]]  # price and end, by rule


def begin_versions(olds: Sequence[PriceListVersion], *, note: str, by: User | None) -> dict[int, int]:
    """Begin a draft after each version in force, without rules yet; return the drafts' ids by the older ones'.

    The caller holds the lists, and none of them has a version that is being made.
    """
    last = dict(
        PriceListVersion.objects.filter(price_list__in=[old.price_list_id for old in olds])
        .order_by()
        .values_list("price_list")
        .annotate(Max("number"))
    )
    columns = {
        "price_list": [old.price_list_id for old in olds],
        "number": [last[old.price_list_id] + 1 for old in olds],
    }
    same = {"status": VersionStatus.DRAFT, "note": note[:200], "proposed_by": by}
    made = insert_rows(PriceListVersion, columns, **same, created_at=timezone.now())
    return {old.pk: new for old, new in zip(olds, made, strict=True)}


def take_over(versions: Mapping[int, int], changed: Changed) -> None:
    """Copy into each draft the rules of the version it follows, with the `changed` ones as they shall be."""
    values: dict[str, Any] = {
        "olds": list(versions), "news": list(versions.values()), "ids": array(changed),
        "prices": array(price for price, _end in changed.values()), "ends": array(end for _p, end in changed.values()),
        "part": PART,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        total = cursor.fetchone()[0]
        cursor.execute(PARTS, values)
        ends = [row[0] for row in cursor.fetchall()]
        for place, (after, until) in enumerate(_spans(ends)):
            tell("copying", min(place * PART, total), total)
            cursor.execute(COPY, {**values, "after": after, "until": until})


def _spans(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    after = 0
    for end in [*ends, LAST]:
        yield after, end
        after = end


def let_follow(versions: Mapping[int, int], *, by: User | None) -> None:
    """Put each draft in force from today, or from the day the one it follows begins; that one ends there."""
    values: dict[str, Any] = {
        "olds": list(versions),
        "news": list(versions.values()),
        "today": business_day(),
        "by": by and by.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(END, values)
        cursor.execute(FOLLOW, values)


def begin_filled_lists(ids: Iterable[int], *, by: User | None) -> list[int]:
    """Give new price lists an empty version that never holds and one after it, for a file's rules, that always does.

    So that taking the file back leaves a list without prices. Return the ids of the second ones.
    """
    lists = list(ids)
    same = {
        "status": VersionStatus.IN_FORCE,
        "in_force_from": ALWAYS,
        "note": "",
        "created_at": timezone.now(),
    }
    insert_rows(PriceListVersion, {"price_list": lists}, number=1, in_force_to=ALWAYS, **same)
    return insert_rows(PriceListVersion, {"price_list": lists}, number=2, put_in_force_by=by, **same)


@transaction.atomic
def take_back(versions: Mapping[int, str], assignments: Sequence[int]) -> list[str]:
    """Let the versions before these hold again, and end the `assignments`; return what holds now.

    Raise VersionRefused when one of them is not as it was left, as its fingerprint says, or is followed by another.
    """
    now = fingerprints_of(versions)
    for version in PriceListVersion.objects.select_related("price_list").filter(pk__in=versions):
        if now[version.pk] != versions[version.pk]:
            raise VersionRefused(
                _("Prices of %(version)s have been changed since. Return to the version before on the list's page, "
                  "if those changes shall go, too.")
                % {"version": version}
            )  # fmt: skip
    holding = sorted(str(return_to_last(version)) for version in versions)
    PriceListAssignment.objects.filter(pk__in=assignments).delete()
    return holding
