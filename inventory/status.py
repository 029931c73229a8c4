"""The lives of inventory's documents and rows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    BLOCKED = "blocked", _("blocked")
    DISCONTINUED = "discontinued", _("discontinued")


class Scarcity(models.TextChoices):
    """Who gets a product of which there is not enough."""

    BY_RANK = "rank", _("by rank: first come, first served")
    FAIR_SHARE = "fair", _("fair share: each its part, in whole packs")


class LocationKind(models.TextChoices):
    PICK = "pick", _("pick")
    RESERVE = "reserve", _("reserve")
    RECEIVING = "receiving", _("receiving")
    STAGING = "staging", _("staging")
    QUARANTINE = "quarantine", _("quarantine")
    SUSPECT = "suspect", _("suspect")
    TRANSIT = "transit", _("transit")


SELLABLE = frozenset({LocationKind.PICK, LocationKind.RESERVE, LocationKind.RECEIVING, LocationKind.STAGING})
PICKABLE = SELLABLE - {LocationKind.STAGING}
KEPT_BY_WORK = frozenset(  # by shipments, by counts, by transfers
    {LocationKind.STAGING, LocationKind.SUSPECT, LocationKind.TRANSIT}
)


class MovementKind(models.TextChoices):
    RECEIVE = "receive", _("receive")
    ISSUE = "issue", _("issue")
    TRANSFER = "transfer", _("transfer")
    ADJUST = "adjust", _("adjust")
    COUNT = "count", _("count")
    RETURN = "return", _("return")


class PurchaseStatus(models.TextChoices):
    OPEN = "open", _("open")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


NEXT_OF_PURCHASE: dict[str, frozenset[str]] = {
    PurchaseStatus.OPEN: frozenset({PurchaseStatus.RECEIVED, PurchaseStatus.CANCELLED}),
    PurchaseStatus.RECEIVED: frozenset({PurchaseStatus.OPEN}),  # a receipt was wrong and is taken back
    PurchaseStatus.CANCELLED: frozenset(),
}


class TransferStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    DISPATCHED = "dispatched", _("dispatched")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


NEXT_OF_TRANSFER: dict[str, frozenset[str]] = {
    TransferStatus.PLANNED: frozenset({TransferStatus.DISPATCHED, TransferStatus.CANCELLED}),
    TransferStatus.DISPATCHED: frozenset({TransferStatus.RECEIVED, TransferStatus.CANCELLED}),
    TransferStatus.RECEIVED: frozenset(),
    TransferStatus.CANCELLED: frozenset(),
}


class CountStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")


class SheetStatus(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


NEXT_OF_SHEET: dict[str, frozenset[str]] = {
    SheetStatus.OPEN: frozenset({SheetStatus.CLOSED}),
    SheetStatus.CLOSED: frozenset(),
}


class AdjustmentKind(models.TextChoices):
    ADJUST = "adjust", _("by hand")
    COUNT = "count", _("found by a count")


class AdjustmentReason(models.TextChoices):
    DAMAGED = "damaged", _("damaged")
    FOUND = "found", _("found")
    LOST = "lost", _("lost")
    SAMPLE = "sample", _("taken as a sample")
    EXPIRED = "expired", _("expired")
    DATA_ERROR = "data_error", _("the ledger was wrong")
    COUNTED = "counted", _("counted")
    OTHER = "other", _("other")


REASONS_BY_HAND = [choice for choice in AdjustmentReason.choices if choice[0] != AdjustmentReason.COUNTED]


class AdjustmentStatus(models.TextChoices):
    PROPOSED = "proposed", _("to be decided")
    APPLIED = "applied", _("applied")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("counted again")


NEXT_OF_ADJUSTMENT: dict[str, frozenset[str]] = {
    AdjustmentStatus.PROPOSED: frozenset(
        {AdjustmentStatus.APPLIED, AdjustmentStatus.REJECTED, AdjustmentStatus.WITHDRAWN}
    ),
    AdjustmentStatus.APPLIED: frozenset(),
    AdjustmentStatus.REJECTED: frozenset(),
    AdjustmentStatus.WITHDRAWN: frozenset(),
}


class AlertKind(models.TextChoices):
    REORDER = "reorder", _("reorder: too little even with what is on its way")
    EXPEDITE = "expedite", _("expedite: the shelf is low, supply is on its way")
