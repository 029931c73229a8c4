from fulfillment.admin import carriers, shipments, stock_control
from fulfillment.views import holders

__all__ = ["carriers", "holders", "shipments", "stock_control"]
