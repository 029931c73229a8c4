from orders.models.allocations import Allocation
from orders.models.approvals import ApprovalRequest, ApprovalRule, ApprovalStep, Decision
from orders.models.orders import Hold, Order, OrderDelivery, OrderEvent, OrderLine
from orders.models.promises import Promise
from orders.models.quotes import Quote, QuoteDelivery, QuoteEvent, QuoteLine, QuoteVersion

__all__ = [
    "Allocation",
    "ApprovalRequest",
    "ApprovalRule",
    "ApprovalStep",
    "Decision",
    "Hold",
    "Order",
    "OrderDelivery",
    "OrderEvent",
    "OrderLine",
    "Promise",
    "Quote",
    "QuoteDelivery",
    "QuoteEvent",
    "QuoteLine",
    "QuoteVersion",
]
