"""Stock that is lost: what it may cost others is decided by whoever knows whom it was promised to.

Inventory does not know orders or pick tasks. A service here that may lose stock takes a `Room`: it is asked for its
locks before any stock level is locked, whether pickers come for what is lost, and to make room before the loss is
booked. `NO_ROOM` refuses to touch promises; the warehouse's pages bring fulfillment's, before which promises give way.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from inventory.services.levels import Level, Row
from inventory.services.moving import Cause, require_available


@dataclass(frozen=True, slots=True)
class Loss:
    """`quantity` base units of a product are not to be sold from a location any more."""

    row: Row
    location_id: int
    quantity: int


class Room(Protocol):
    def lock(self, losses: Sequence[Loss]) -> None:
        """Take the locks that come before those of stock levels, for losses that are likely."""

    def require_unclaimed(self, losses: Sequence[Loss]) -> None:
        """Raise Refused where pickers come for what is lost. The levels are locked; bins are looked at afterwards."""

    def make(self, losses: Sequence[Loss], levels: Mapping[Row, Level], cause: Cause) -> None:
        """Let nothing of the losses be promised. Raise Refused when that cannot be. The levels are locked."""


class NoRoom:
    """Promises stand: raise NotEnoughStock for a loss of what is promised."""

    def lock(self, losses: Sequence[Loss]) -> None:
        """Nothing is needed."""

    def require_unclaimed(self, losses: Sequence[Loss]) -> None:
        """The bins themselves give nothing of what is claimed."""

    def make(self, losses: Sequence[Loss], levels: Mapping[Row, Level], cause: Cause) -> None:
        require_available(levels, lost_by_row(losses), cause.document)


NO_ROOM = NoRoom()


def lost_by_row(losses: Sequence[Loss]) -> dict[Row, int]:
    """Return how much is lost of each product in each warehouse."""
    lost: Counter[Row] = Counter()
    for loss in losses:
        lost[loss.row] += loss.quantity
    return dict(lost)
