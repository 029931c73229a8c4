"""What is told to the customer about shipments."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from fulfillment.models import Shipment, ShipmentEvent
from fulfillment.status import ShipmentStatus
from oms.mail import send_letter
from orders.letters import address_to_follow


def announce_shipment_event(event: ShipmentEvent, token: str | None = None) -> None:
    """Tell the customer what they have to know about a step of a shipment; most steps they have not to.

    By the `token` they follow the order.
    """
    TELL.get(event.kind, _nobody)(event, address_to_follow(token))


def _nobody(_event: ShipmentEvent, _link: str) -> None:
    return None


def _on_its_way(event: ShipmentEvent, link: str) -> None:
    _tell(event, "fulfillment/mail/on_its_way.txt", _("Shipment %(number)s is on its way"), link)


def _arrived(event: ShipmentEvent, _link: str) -> None:
    _tell(event, "fulfillment/mail/arrived.txt", _("Shipment %(number)s has arrived"))


def _tell(event: ShipmentEvent, template: str, subject: str, link: str = "") -> None:
    shipment = Shipment.objects.select_related("order__customer", "carrier").get(pk=event.document_id)
    packages = [
        (package, shipment.carrier.url_for(package.tracking_number) if shipment.carrier else "")
        for package in shipment.packages.all()
    ]
    lines = shipment.lines.select_related("allocation__line__product", "allocation__line__unit").filter(
        packed__gt=0
    )
    context = {"shipment": shipment, "packages": packages, "lines": lines, "link": link}
    send_letter(template, subject % {"number": shipment}, [shipment.order.customer.email], context)


ON_ITS_WAY = "handed over"
TELL: dict[str, Callable[[ShipmentEvent, str], None]] = {
    ON_ITS_WAY: _on_its_way,
    ShipmentStatus.DELIVERED: _arrived,
}
