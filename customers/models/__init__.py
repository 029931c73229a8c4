from customers.models.parties import (
    Address,
    Contact,
    Customer,
    CustomerGroup,
    PaymentTerms,
    SalesChannel,
    SalesTeam,
)
from customers.models.price_lists import PriceList, PriceListAssignment, PriceListVersion
from customers.models.prices import PriceRule
from customers.models.shipping import ShippingWishes, shipping_constraints

__all__ = [
    "Address",
    "Contact",
    "Customer",
    "CustomerGroup",
    "PaymentTerms",
    "PriceList",
    "PriceListAssignment",
    "PriceListVersion",
    "PriceRule",
    "SalesChannel",
    "SalesTeam",
    "ShippingWishes",
    "shipping_constraints",
]
