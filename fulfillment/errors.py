"""Why fulfillment says no."""

from django.utils.translation import gettext as _

from oms.errors import Refused


class NothingToRelease(Refused):
    """No stock is promised to the order that is not with the warehouse already."""

    code = "nothing_to_release"

    def __init__(self, number: str) -> None:
        super().__init__(
            _("%(number)s has no allocated stock that is not released already. It waits for stock to come.")
            % {"number": number}
        )


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
