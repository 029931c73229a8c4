from fulfillment.admin import carriers, shipments
from fulfillment.views import holders

__all__ = ["carriers", "holders", "shipments"]
