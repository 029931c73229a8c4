"""Counts: what was missing is looked for, and the ledger follows the shelf."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity, NeedsSecondPerson
from inventory.models import StockCount
from inventory.services.adjusting import Difference, weighed
from inventory.services.levels import lock_levels
from inventory.services.moving import Cause, Move, standard_location, write_movements
from inventory.status import CountStatus, LocationKind, MovementKind
from oms.models import User


@transaction.atomic
def finish_count(count_id: int, found: int, *, by: User) -> StockCount:
    """Of the missing units `found` lie in the bin again; the rest leaves the house as a count loss.

    Raise NeedsSecondPerson when who missed them would write off more than one person may.
    """
    count = StockCount.objects.select_related("product", "location__warehouse").locked().get(pk=count_id)
    if count.status == CountStatus.DONE:
        raise BadQuantity(_("The count of %(count)s is done already.") % {"count": count})
    if not 0 <= found <= count.missing:
        raise BadQuantity(
            _("%(count)s: %(found)s found, but %(missing)s were missing. Adjust the bin for what is more.")
            % {"count": count, "found": found, "missing": count.missing}
        )
    lock_levels([(count.product_id, count.location.warehouse_id)])
    _require_second_person(count, found, by)
    suspect = standard_location(count.location.warehouse_id, LocationKind.SUSPECT)
    cause = Cause(f"COUNT-{count.pk}", by, count.cause)
    if found:
        back = Move(count.product_id, found, suspect.pk, count.location_id)
        write_movements(MovementKind.TRANSFER, [back], cause)
    if found < count.missing:
        lost = Move(count.product_id, count.missing - found, suspect.pk, None)
        write_movements(MovementKind.COUNT, [lost], cause)
    count.status, count.found, count.done_at, count.done_by = CountStatus.DONE, found, timezone.now(), by
    count.save(update_fields=["status", "found", "done_at", "done_by"])
    return count


def _require_second_person(count: StockCount, found: int, by: User) -> None:
    """Above the limit nobody both misses stock and writes it off; superusers neither."""
    lost = count.missing - found
    if not lost or by is None or count.opened_by_id != by.pk:
        return
    loss = Difference(count.product_id, count.location, -lost)
    if not weighed([loss], by=by)[0].within_limit:
        raise NeedsSecondPerson(
            _(
                "%(count)s: you reported the units missing. Somebody else has to look before %(lost)s are written off."
            )
            % {"count": count, "lost": lost}
        )
