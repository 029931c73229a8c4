from inventory.models.catalogue import Category, Product, ProductUnit, Substitute, Supplier, SupplierProduct
from inventory.models.counts import StockCount
from inventory.models.places import ClosingDay, Location, TransitTime, Warehouse
from inventory.models.replenishment import ReorderPolicy, RestockAlert
from inventory.models.stock import BinStock, StockLevel, StockMovement
from inventory.models.supply import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine

__all__ = [
    "BinStock",
    "Category",
    "ClosingDay",
    "Location",
    "Product",
    "ProductUnit",
    "PurchaseOrder",
    "PurchaseOrderEvent",
    "PurchaseOrderLine",
    "ReorderPolicy",
    "RestockAlert",
    "StockCount",
    "StockLevel",
    "StockMovement",
    "Substitute",
    "Supplier",
    "SupplierProduct",
    "TransitTime",
    "Warehouse",
]
