from inventory.admin import catalogue, control, places, stock, supply

__all__ = ["catalogue", "control", "places", "stock", "supply"]
