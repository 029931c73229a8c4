"""Versions of price lists: drafted, proposed, approved, put in force from a day, and taken back."""

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from customers.errors import NoVersionToEdit, VersionRefused
from customers.models import PriceList, PriceListVersion, PriceRule
from customers.models.price_lists import ALWAYS, BEING_MADE
from customers.services.comparing import seal_of
from customers.status import VersionStatus
from oms.company import business_day
from oms.errors import NotAllowed, Stale
from oms.models import User
from oms.rows import lock_row
from oms.sets import insert_rows

COPIED = [str(f.column) for f in PriceRule._meta.concrete_fields if f.column not in {"id", "version_id"}]
COPY = f"""
    INSERT INTO customers_pricerule (version_id, {", ".join(COPIED)})
    SELECT %s, {", ".join(COPIED)} FROM customers_pricerule
    WHERE version_id = %s AND (valid_to IS NULL OR valid_to > %s)
"""  # noqa: S608


def begin_lists(ids: Iterable[int]) -> list[int]:
    """Give new price lists their first version, empty and in force since ever; return the versions' ids."""
    lists = list(ids)
    same = {"number": 1, "status": VersionStatus.IN_FORCE, "in_force_from": ALWAYS, "note": ""}
    return insert_rows(PriceListVersion, {"price_list": lists}, **same, created_at=timezone.now())


def versions_to_edit(lists: Iterable[PriceList]) -> dict[int, PriceListVersion]:
    """Return, by list, the version that takes changed prices: the one being made, else the one in force.

    Lists of which no version may be changed as things stand are missing; `version_to_edit` says why.
    """
    rows = PriceListVersion.objects.select_related("price_list").filter(
        Q(status=VersionStatus.IN_FORCE, in_force_to=None) | Q(status__in=BEING_MADE), price_list__in=lists
    )
    newest = {version.price_list_id: version for version in rows.order_by("number")}
    return {pk: version for pk, version in newest.items() if version.takes_changes}


def version_to_edit(price_list: PriceList) -> PriceListVersion:
    """Return the version that takes a changed price; raise NoVersionToEdit when a second person must see it first."""
    found = versions_to_edit([price_list]).get(price_list.pk)
    if found is None:
        raise NoVersionToEdit(price_list.code)
    return found


@transaction.atomic
def draft_version(price_list_id: int, *, by: User | None, note: str = "") -> PriceListVersion:
    """Begin a new version with the rules in force that have not ended. Raise VersionRefused while one is being made."""
    price_list = lock_row(PriceList, price_list_id)
    if other := price_list.versions.being_made().first():
        raise VersionRefused(
            _("%(version)s is %(status)s already. Go on with it, or drop it first.")
            % {"version": other, "status": other.get_status_display()}
        )
    last = price_list.versions.aggregate(last=Max("number", default=0))["last"]
    made = price_list.versions.create(number=last + 1, note=note, proposed_by=by)
    with connection.cursor() as cursor:
        cursor.execute(COPY, [made.pk, _newest_in_force(price_list).pk, business_day()])
    return made


def _newest_in_force(price_list: PriceList) -> PriceListVersion:
    return price_list.versions.get(status=VersionStatus.IN_FORCE, in_force_to=None)


@transaction.atomic
def propose_version(version_id: int, *, by: User | None) -> PriceListVersion:
    """Ask somebody else to approve a draft; its rules stay as they are from now on. Raise IllegalMove."""
    return _move(version_id, VersionStatus.PROPOSED, proposed_by=by)


@transaction.atomic
def approve_version(version_id: int, *, by: User | None, seal: str | None = None) -> PriceListVersion:
    """Approve what somebody else has proposed, as its `seal` says they saw it.

    Raise IllegalMove, Stale, or NotAllowed for one's own proposal.
    """
    version = _locked(version_id)
    _require_as_seen(version, seal)
    if by is None or version.proposed_by_id == by.pk:
        raise NotAllowed(
            _("You proposed %(version)s; somebody else has to approve it.") % {"version": version}
        )
    return _move(version_id, VersionStatus.APPROVED, approved_by=by)


@transaction.atomic
def redraft_version(version_id: int, *, by: User | None) -> PriceListVersion:
    """Take a proposed or approved version back to draft, so that its rules may change again. Raise IllegalMove."""
    return _move(version_id, VersionStatus.DRAFT, approved_by=None, proposed_by=by)


@transaction.atomic
def drop_version(version_id: int) -> PriceListVersion:
    """Give up a version that was never in force; its rules are gone. Raise IllegalMove."""
    version = _locked(version_id)
    version.require_can_become(VersionStatus.DROPPED)
    _write(version, status=VersionStatus.DRAFT)  # only the rules of drafts may go
    version.rules.all()._raw_delete(version.rules.db)
    return _write(version, status=VersionStatus.DROPPED)


@transaction.atomic
def put_in_force(
    version_id: int, *, since: date, by: User | None, seal: str | None = None
) -> PriceListVersion:
    """Let a version, as its `seal` says it was seen, hold from a day on; the one before ends on that day.

    Documents are priced by the version of their own day, so what was priced before stays. Raise IllegalMove, Stale, or
    VersionRefused for a day that is over or lies before another version's, and where a second person is missing.
    """
    version = _locked(version_id)
    version.require_can_become(VersionStatus.IN_FORCE)
    _require_as_seen(version, seal)
    if version.price_list.needs_approval and version.approved_by_id is None:
        raise VersionRefused(
            _("%(version)s needs a second person. Propose it, and have it approved first.")
            % {"version": version}
        )
    before = _newest_in_force(version.price_list)
    _require_free_day(version, before, since)
    _write(before, in_force_to=since)
    return _write(version, status=VersionStatus.IN_FORCE, in_force_from=since, put_in_force_by=by)


def _require_as_seen(version: PriceListVersion, seal: str | None) -> None:
    """Raise Stale when a price of the version has changed since somebody looked at it."""
    if seal is not None and seal != seal_of(version.pk):
        raise Stale(_("%(version)s has changed; look at it again.") % {"version": version})


def _require_free_day(version: PriceListVersion, before: PriceListVersion, since: date) -> None:
    told = {"version": version, "day": _written(since)}
    if since < business_day():
        raise VersionRefused(
            _("%(version)s cannot hold from %(day)s on: that day is over. Choose today or a later day.")
            % told
        )
    if before.in_force_from is not None and since < before.in_force_from:
        raise VersionRefused(
            _("%(version)s cannot hold from %(day)s on: %(other)s begins on %(begins)s. Choose that day or a later "
              "one, or return from %(other)s first.")
            % {**told, "other": before, "begins": _written(before.in_force_from)}
        )  # fmt: skip


def _written(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


@transaction.atomic
def return_to_last(version_id: int) -> PriceListVersion:
    """Withdraw the newest version in force; the one before holds again. Return that one.

    Documents priced in between keep their prices and traces. Raise IllegalMove when it is not in force, and
    VersionRefused when a later one is or there is none to return to.
    """
    version = _locked(version_id)
    version.require_can_become(VersionStatus.WITHDRAWN)
    in_force = version.price_list.versions.filter(status=VersionStatus.IN_FORCE, number__lt=version.number)
    before = in_force.filter(in_force_to=version.in_force_from).order_by("number").last()
    if version.in_force_to is not None or before is None:
        raise VersionRefused(
            _("%(version)s cannot be taken back: a later version follows it, or it is the first.")
            % {"version": version}
        )
    _write(version, status=VersionStatus.WITHDRAWN)
    return _write(before, in_force_to=None)


def _locked(version_id: int) -> PriceListVersion:
    """Return a version, held with its list: steps go one after the other, and after changes that have begun."""
    list_id = PriceListVersion.objects.values_list("price_list_id", flat=True).get(pk=version_id)
    price_list = lock_row(PriceList, list_id)
    version = price_list.versions.locked().get(pk=version_id)
    version.price_list = price_list
    return version


def _move(version_id: int, status: VersionStatus, **values: User | None) -> PriceListVersion:
    version = _locked(version_id)
    version.require_can_become(status)
    return _write(version, status=status, **values)


def _write(version: PriceListVersion, **values: object) -> PriceListVersion:
    for name, value in values.items():
        setattr(version, name, value)
    version.save(update_fields=list(values))
    return version
