"""Tracking: cartons get their numbers, carriers their say, and the shipment arrives when its last carton has."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.carriers import ASK
from fulfillment.errors import BadTracking
from fulfillment.models import Carrier, Package, Shipment, TrackingEvent
from fulfillment.services.locking import lock_shipment, require_in
from fulfillment.services.shipping import mark_handed_over
from fulfillment.status import WITH_THE_CARRIER, ShipmentStatus, TrackingStatus
from fulfillment.tracking import News, status_after
from oms.models import User

logger = logging.getLogger(__name__)

POLL_EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=10)
BATCH_SIZE = 100
LATEST_NEWS = timedelta(days=1)  # how far ahead a carrier's clock may be


@transaction.atomic
def record_tracking_numbers(
    shipment_id: int, numbers: dict[int, str], carrier: Carrier | None, *, by: User | None
) -> Shipment:
    """The cartons, by their number within the shipment, go with `carrier` under these tracking numbers."""
    shipment = lock_shipment(shipment_id)
    require_in(shipment, ShipmentStatus.PACKED, ShipmentStatus.SHIPPED, wanted=_("tracked"))
    packages = {package.number: package for package in shipment.packages.all()}
    if unknown := numbers.keys() - packages.keys():
        raise BadTracking(
            _("%(shipment)s has no carton %(n)s.")
            % {"shipment": shipment, "n": ", ".join(map(str, sorted(unknown)))}
        )
    for number, tracking_number in numbers.items():
        packages[number].tracking_number = tracking_number
    Package.objects.bulk_update(packages.values(), ["tracking_number"])
    shipment.carrier = carrier
    shipment.save(update_fields=["carrier"])
    shipment.record("tracking recorded", by=by, numbers=sorted(numbers.values()))
    return shipment


@transaction.atomic
def apply_news(package_id: int, news: Iterable[News], *, by: User | None = None) -> Package:
    """Add what was said about a carton to its history and fold it into its state and the shipment's.

    The same news twice is one row. Raise BadTracking for news from the future or before the goods left.
    """
    package = Package.objects.get(pk=package_id)
    shipment = lock_shipment(package.shipment_id)
    require_in(shipment, ShipmentStatus.SHIPPED, ShipmentStatus.DELIVERED, wanted=_("tracked"))
    rows = list(news)
    _require_possible(shipment, rows)
    TrackingEvent.objects.bulk_create(
        (
            TrackingEvent(
                package=package,
                carrier=shipment.carrier,
                tracking_number=package.tracking_number,
                code=one.code,
                status=one.status,
                happened_at=one.happened_at,
                place=one.place,
            )
            for one in rows
        ),
        ignore_conflicts=True,
    )
    package.status = status_after(package.tracking.values_list("status", "happened_at"))
    package.save(update_fields=["status"])
    _follow(shipment, by=by)
    return package


def _require_possible(shipment: Shipment, news: list[News]) -> None:
    latest = timezone.now() + LATEST_NEWS
    for one in news:
        if timezone.is_naive(one.happened_at) or one.happened_at > latest:
            raise BadTracking(
                _("%(shipment)s: %(when)s has not come yet; check the carrier's clock.")
                % {"shipment": shipment, "when": one.happened_at.isoformat()}
            )


def _follow(shipment: Shipment, *, by: User | None) -> None:
    """Bring the shipment to where its cartons are."""
    statuses = list(shipment.packages.values_list("status", flat=True))
    if shipment.handed_over_at is None and WITH_THE_CARRIER & set(statuses):
        mark_handed_over(shipment, by=by)
    if shipment.status == ShipmentStatus.SHIPPED and set(statuses) == {TrackingStatus.DELIVERED}:
        shipment.delivered_at = timezone.now()
        shipment.save(update_fields=["delivered_at"])
        shipment.move_to(ShipmentStatus.DELIVERED, by=by)


@transaction.atomic
def deliver_shipment(shipment_id: int, *, by: User) -> Shipment:
    """Somebody knows that all cartons have arrived; it is written as tracking news typed by hand."""
    shipment = lock_shipment(shipment_id)
    shipment.require_can_become(ShipmentStatus.DELIVERED)
    arrived = News("BY-HAND", TrackingStatus.DELIVERED, timezone.now(), str(by))
    for pk in list(shipment.packages.values_list("pk", flat=True)):
        apply_news(pk, [arrived], by=by)
    return Shipment.objects.get(pk=shipment_id)


def track_shipments() -> int:
    """Ask the carriers about what is on the road and due for a look; return how many shipments were asked for.

    Each is leased first and asked for outside any transaction, so two runs never ask twice.
    """
    due = _lease_due()
    for shipment in (
        Shipment.objects.filter(pk__in=due).select_related("carrier").prefetch_related("packages")
    ):
        try:
            _ask(shipment)
        except OSError as error:
            logger.warning("%s: the carrier did not answer; it is asked again: %s", shipment, error)
    return len(due)


@transaction.atomic
def _lease_due() -> list[int]:
    now = timezone.now()
    due = Shipment.objects.on_the_road().filter(next_poll_at__lte=now, carrier__isnull=False)
    ids = list(
        due.order_by("next_poll_at")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .values_list("pk", flat=True)[:BATCH_SIZE]
    )
    Shipment.objects.filter(pk__in=ids).update(next_poll_at=now + LEASE)
    return ids


def _ask(shipment: Shipment) -> None:
    assert shipment.carrier is not None  # noqa: S101  leased only with a carrier
    since = shipment.handed_over_at or shipment.shipped_at
    now = timezone.now()
    for package in shipment.packages.all():
        if package.tracking_number and since is not None:
            apply_news(package.pk, ASK[shipment.carrier.kind](package.tracking_number, since, now))
    Shipment.objects.filter(pk=shipment.pk).update(next_poll_at=now + POLL_EVERY)
