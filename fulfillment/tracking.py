"""What a carton's news add up to: a pure fold. Order and repetition do not matter. No database here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from fulfillment.status import FINAL, RANK, TrackingStatus


@dataclass(frozen=True, slots=True)
class News:
    """A carrier or a person says what happened to a carton, and when."""

    code: str
    status: TrackingStatus
    happened_at: datetime
    place: str = ""


def status_after(news: Iterable[tuple[str, datetime]]) -> TrackingStatus:
    """Return where a carton stands: the latest by the carrier's clock, ties to what is further on.

    The first final state stays: nothing that is said after it moves the carton back.
    """
    ordered = sorted(news, key=lambda one: (one[1], RANK[one[0]]))
    for status, _at in ordered:
        if status in FINAL:
            return TrackingStatus(status)
    return TrackingStatus(ordered[-1][0]) if ordered else TrackingStatus.PENDING


def least_advanced(statuses: Iterable[str]) -> TrackingStatus:
    """Return the status of a shipment: that of the carton which is furthest behind."""
    return TrackingStatus(min(statuses, key=RANK.__getitem__, default=TrackingStatus.PENDING))
