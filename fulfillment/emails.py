"""What is told to the customer about shipments, in its language."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from fulfillment.models import Shipment, ShipmentEvent
from fulfillment.status import ShipmentStatus
from oms.languages import in_language_of
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
    _tell(event, "fulfillment/mail/on_its_way.txt", gettext_lazy("Shipment %(number)s is on its way"), link)


def _arrived(event: ShipmentEvent, _link: str) -> None:
    _tell(event, "fulfillment/mail/arrived.txt", gettext_lazy("Shipment %(number)s has arrived"))


def _tell(event: ShipmentEvent, template: str, subject: Promise, link: str = "") -> None:
    shipment = Shipment.objects.select_related("order__customer", "carrier").get(pk=event.document_id)
    packages = [
        (package, shipment.carrier.url_for(package.tracking_number) if shipment.carrier else "")
        for package in shipment.packages.all()
    ]
    lines = shipment.lines.select_related("allocation__line__product", "allocation__line__unit").filter(
        packed__gt=0
    )
    context = {"shipment": shipment, "packages": packages, "lines": lines, "link": link}
    with in_language_of(shipment.order.customer.language):
        told = str(subject) % {"number": shipment}
        send_letter(template, told, [shipment.order.customer.email], context)


ON_ITS_WAY = "handed over"
TELL: dict[str, Callable[[ShipmentEvent, str], None]] = {
    ON_ITS_WAY: _on_its_way,
    ShipmentStatus.DELIVERED: _arrived,
}
