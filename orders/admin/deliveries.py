"""What is owed to the outside: the announcements of orders and quotes, parked ones with their error."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from oms.admin.base import UnchangedAdmin
from oms.documents import Delivery
from orders.admin.filters import SentOrOwed
from orders.models import OrderDelivery, QuoteDelivery

SHOWN = ["document", "what", "pill", "consumer", "attempts", "next_try_at", "sent_at", "error"]


class DeliveryAdmin(UnchangedAdmin):
    list_display = SHOWN
    fields = SHOWN
    readonly_fields = SHOWN
    list_select_related = ["event__document"]
    list_filter = [SentOrOwed]
    search_fields = ["^event__document__number"]
    ordering = ["-pk"]

    @display(description=_("document"))
    def document(self, delivery: Any) -> str:
        return str(delivery.event.document)

    @display(description=_("event"))
    def what(self, delivery: Any) -> str:
        return str(delivery.event.kind)

    @display(
        description=_("state"),
        label={"sent": "success", "overtaken": "info", "owed": "info", "parked": "danger"},
    )
    def pill(self, delivery: Delivery) -> tuple[str, Any]:
        if delivery.sent_at:
            return ("overtaken", _("not needed any more")) if delivery.error else ("sent", _("sent"))
        return ("parked", _("parked")) if delivery.parked_at else ("owed", _("owed"))


@admin.register(OrderDelivery)
class OrderDeliveryAdmin(DeliveryAdmin):
    pass


@admin.register(QuoteDelivery)
class QuoteDeliveryAdmin(DeliveryAdmin):
    pass
