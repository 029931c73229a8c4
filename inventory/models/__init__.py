from inventory.models.adjustments import StockAdjustment
from inventory.models.catalogue import Category, Product, ProductUnit, Supplier, SupplierProduct
from inventory.models.counts import StockCount
from inventory.models.places import Location, Warehouse
from inventory.models.replenishment import ReorderPolicy, RestockAlert
from inventory.models.sheets import CountEntry, CountRound, CountSheet, CountStop
from inventory.models.stock import BinStock, StockLevel, StockMovement
from inventory.models.supply import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine

__all__ = [
    "BinStock",
    "Category",
    "CountEntry",
    "CountRound",
    "CountSheet",
    "CountStop",
    "Location",
    "Product",
    "ProductUnit",
    "PurchaseOrder",
    "PurchaseOrderEvent",
    "PurchaseOrderLine",
    "ReorderPolicy",
    "RestockAlert",
    "StockAdjustment",
    "StockCount",
    "StockLevel",
    "StockMovement",
    "Supplier",
    "SupplierProduct",
    "Warehouse",
]
