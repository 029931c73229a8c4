from inventory.admin import catalogue, control, places, stock, supply, transfers

__all__ = ["catalogue", "control", "places", "stock", "supply", "transfers"]
