from fulfillment.models.carriers import Carrier
from fulfillment.models.packages import Package, PackageItem, TrackingEvent
from fulfillment.models.picking import PickTask
from fulfillment.models.shipments import Shipment, ShipmentDelivery, ShipmentEvent, ShipmentLine

__all__ = [
    "Carrier",
    "Package",
    "PackageItem",
    "PickTask",
    "Shipment",
    "ShipmentDelivery",
    "ShipmentEvent",
    "ShipmentLine",
    "TrackingEvent",
]
