from orders.models.allocations import Allocation
from orders.models.answers import (
    Consent,
    CounterAnswer,
    CounterLine,
    CounterLineAnswer,
    CounterOffer,
    QuoteAnswer,
    QuoteLink,
)
from orders.models.approvals import ApprovalRequest, ApprovalRule, ApprovalStep, Decision
from orders.models.attachments import Attachment, InternalNote
from orders.models.call_offs import CallOff, CallOffOrder, CallOffSchedule
from orders.models.credit import CreditRelease, holds_to_release
from orders.models.draws import AgreementDraw
from orders.models.links import OrderLink
from orders.models.order_events import (
    ASKED,
    CLOSED_SHORT,
    CONFIRMS,
    PROMISED_AGAIN,
    OrderDelivery,
    OrderEvent,
    deliveries_that_told,
)
from orders.models.order_totals import OrderCharge, OrderTax
from orders.models.orders import Hold, Order, OrderLine
from orders.models.papers import IssuedDocument
from orders.models.past import OrderBefore, OrderMoment, OrderMoved, QuoteBefore, QuoteMoment
from orders.models.pasting import PasteColumns
from orders.models.promises import Promise
from orders.models.quotes import (
    Decider,
    Quote,
    QuoteCharge,
    QuoteDelivery,
    QuoteEvent,
    QuoteLine,
    QuoteTax,
    QuoteVersion,
)
from orders.models.stock_holds import HoldPolicy, StockHold

__all__ = [
    "ASKED",
    "CLOSED_SHORT",
    "CONFIRMS",
    "PROMISED_AGAIN",
    "AgreementDraw",
    "Allocation",
    "ApprovalRequest",
    "ApprovalRule",
    "ApprovalStep",
    "Attachment",
    "CallOff",
    "CallOffOrder",
    "CallOffSchedule",
    "Consent",
    "CounterAnswer",
    "CounterLine",
    "CounterLineAnswer",
    "CounterOffer",
    "CreditRelease",
    "Decider",
    "Decision",
    "Hold",
    "HoldPolicy",
    "InternalNote",
    "IssuedDocument",
    "Order",
    "OrderBefore",
    "OrderCharge",
    "OrderDelivery",
    "OrderEvent",
    "OrderLine",
    "OrderLink",
    "OrderMoment",
    "OrderMoved",
    "OrderTax",
    "PasteColumns",
    "Promise",
    "Quote",
    "QuoteAnswer",
    "QuoteBefore",
    "QuoteCharge",
    "QuoteDelivery",
    "QuoteEvent",
    "QuoteLine",
    "QuoteLink",
    "QuoteMoment",
    "QuoteTax",
    "QuoteVersion",
    "StockHold",
    "deliveries_that_told",
    "holds_to_release",
]
