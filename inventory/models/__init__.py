from inventory.models.adjustments import StockAdjustment
from inventory.models.catalogue import Category, Product, ProductUnit, Substitute, Supplier, SupplierProduct
from inventory.models.counts import StockCount
from inventory.models.places import ClosingDay, Location, TransitTime, Warehouse
from inventory.models.receipts import Receipt, ReceiptLine
from inventory.models.replenishment import ReorderPolicy, RestockAlert
from inventory.models.sheets import CountEntry, CountRound, CountSheet, CountStop
from inventory.models.stock import BinStock, StockLevel, StockMovement
from inventory.models.supply import PurchaseOrder, PurchaseOrderEvent, PurchaseOrderLine
from inventory.models.transfers import Transfer, TransferEvent, TransferLine

__all__ = [
    "BinStock",
    "Category",
    "ClosingDay",
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
    "Receipt",
    "ReceiptLine",
    "ReorderPolicy",
    "RestockAlert",
    "StockAdjustment",
    "StockCount",
    "StockLevel",
    "StockMovement",
    "Substitute",
    "Supplier",
    "SupplierProduct",
    "Transfer",
    "TransferEvent",
    "TransferLine",
    "TransitTime",
    "Warehouse",
]
