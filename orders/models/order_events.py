"""The history of orders, and what of it is owed to whom."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oms.documents import Delivery, DocumentEvent, owed_to
from oms.triggers import (
    append_only,
)
from orders.models.orders import Order
from orders.status import IN_WORK, OrderStatus

# The events after which the customer is told how the order stands.
CHANGES = ("changed", "split")
PROMISED_AGAIN, CLOSED_SHORT = "promised again", "closed short"
ASKED = "asked"  # a rule that is new since the order was submitted asks when it is to be confirmed


# A part that was split off is confirmed at once, and its customer is told when nobody has to agree any more.
SPLIT_FROM = "split_from"
CONFIRMS = (
    (Q(kind=OrderStatus.CONFIRMED) & ~Q(detail__has_key=SPLIT_FROM))
    | Q(kind__in=CHANGES, detail__asks=False)
    | Q(kind="approved", new_status__in=IN_WORK)
)


class OrderEvent(DocumentEvent):
    document = models.ForeignKey(Order, on_delete=models.PROTECT, db_index=False, related_name="events")

    class Meta(DocumentEvent.Meta):
        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_order_event_per_version")
        ]
        triggers = [*append_only(), owed_to("mail", deliveries="orders_orderdelivery")]

    @property
    def confirms(self) -> bool:
        """Whether the order was confirmed to its customer with it."""
        return self.kind == OrderStatus.CONFIRMED and SPLIT_FROM not in self.detail

    @property
    def is_first_told(self) -> bool:
        """Whether no letter has told the customer before that the order is confirmed; what was overtaken did not."""
        confirmed = OrderEvent.objects.filter(CONFIRMS, document=self.document_id, version__lt=self.version)
        return not deliveries_that_told(confirmed).exists()

    @property
    def confirms_first(self) -> bool:
        """Whether the customer learns with it that the order is confirmed."""
        return self.confirms or (self.is_change_agreed and self.is_first_told)

    @property
    def is_overtaken(self) -> bool:
        """Whether what it would tell the customer does not stand any more, or a later step tells it as it is now.

        Letters and papers are of the order as it is when they are made, which may be hours after the event.
        """
        tells_more = self.kind == PROMISED_AGAIN or self.takes_the_rest
        if not (self.confirms or self.is_change_agreed or tells_more):
            return False
        if Order.objects.filter(pk=self.document_id, status=OrderStatus.CANCELLED).exists():
            return True
        later = OrderEvent.objects.filter(document=self.document_id, version__gt=self.version)
        return not self.takes_the_rest and later.filter(self._tells_the_same).exists()

    @property
    def _tells_the_same(self) -> Q:
        return CONFIRMS | Q(kind=PROMISED_AGAIN) if self.kind == PROMISED_AGAIN else CONFIRMS

    @property
    def takes_the_rest(self) -> bool:
        """Whether with it a rest was cancelled of an order of which something comes or has come."""
        return self.kind == CLOSED_SHORT or "rest_cancelled" in self.detail

    @property
    def is_change_agreed(self) -> bool:
        """Whether with it a change of the order in work stands, because nobody is asked about it or they agreed."""
        if self.kind in CHANGES:
            return self.detail.get("asks") is False
        return self.kind == "approved" and self.new_status in IN_WORK


class OrderDelivery(Delivery):
    event = models.ForeignKey(OrderEvent, on_delete=models.PROTECT, db_index=False, related_name="deliveries")

    class Meta:
        verbose_name = _("order announcement")
        verbose_name_plural = _("order announcements")
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="one_order_delivery_per_consumer")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(sent_at=None, parked_at=None), name="order_deliveries_owed"
            )
        ]


def deliveries_that_told(events: models.QuerySet[OrderEvent]) -> models.QuerySet[OrderDelivery]:
    """Return those by which a letter about one of these events went out."""
    return OrderDelivery.objects.filter(event__in=events, sent_at__isnull=False, error="")
