from orders.models.allocations import Allocation
from orders.models.answers import QuoteAnswer, QuoteLink
from orders.models.approvals import ApprovalRequest, ApprovalRule, ApprovalStep, Decision
from orders.models.attachments import Attachment, InternalNote
from orders.models.orders import Hold, Order, OrderDelivery, OrderEvent, OrderLine
from orders.models.papers import IssuedDocument
from orders.models.promises import Promise
from orders.models.quotes import Quote, QuoteDelivery, QuoteEvent, QuoteLine, QuoteVersion

__all__ = [
    "Allocation",
    "ApprovalRequest",
    "ApprovalRule",
    "ApprovalStep",
    "Attachment",
    "Decision",
    "Hold",
    "InternalNote",
    "IssuedDocument",
    "Order",
    "OrderDelivery",
    "OrderEvent",
    "OrderLine",
    "Promise",
    "Quote",
    "QuoteAnswer",
    "QuoteDelivery",
    "QuoteEvent",
    "QuoteLine",
    "QuoteLink",
    "QuoteVersion",
]
