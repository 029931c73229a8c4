"""Why fulfillment says no."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from oms.errors import Refused


class NothingToRelease(Refused):
    """No stock is promised to the order that is not with the warehouse already."""

    code = "nothing_to_release"

    def __init__(self, number: str, *, waits_for_stock: bool) -> None:
        waits = _(
            "%(number)s has no allocated stock that is not released already. It waits for stock to come."
        )
        nothing_left = _("%(number)s is released already: nothing of it is left to release.")
        super().__init__((waits if waits_for_stock else nothing_left) % {"number": number})


class BadPick(Refused):
    """A pick that the task does not allow."""

    code = "bad_pick"


class BadPacking(Refused):
    """Something is packed that was not picked, or nothing at all."""

    code = "bad_packing"


class HandedOver(Refused):
    """The carrier has it."""

    code = "handed_over"


class BadTracking(Refused):
    """Tracking news that cannot be."""

    code = "bad_tracking"


class StillBeingPicked(Refused):
    """What is lost is what pickers are on their way to; confirmed pick work is never taken silently."""

    code = "still_being_picked"

    def __init__(self, bins: Iterable[tuple[str, str, int, int, str]]) -> None:
        """`bins`: SKU, place, what would be left, what pickers want, the numbers of their shipments."""
        self.bins = list(bins)
        told = " ".join(
            _(
                "%(sku)s at %(place)s: %(left)s would be left, but %(claimed)s are to be picked for %(shipments)s."
            )
            % {"sku": sku, "place": place, "left": left, "claimed": claimed, "shipments": shipments}
            for sku, place, left, claimed, shipments in self.bins
        )
        super().__init__(
            _("%(told)s Have these shipments picked short or taken back first.") % {"told": told}
        )
