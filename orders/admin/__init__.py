"""Sales in the office: lists of quotes and orders, their own pages, the pad, the approval inbox."""

from orders.admin import customers
from orders.admin.approvals import ApprovalRequestAdmin, ApprovalRuleAdmin
from orders.admin.deliveries import OrderDeliveryAdmin, QuoteDeliveryAdmin
from orders.admin.documents import OrderAdmin, QuoteAdmin
from orders.admin.holds import HoldAdmin, HoldPolicyAdmin
from orders.views import late_purchases, stock_card

__all__ = [
    "ApprovalRequestAdmin",
    "ApprovalRuleAdmin",
    "HoldAdmin",
    "HoldPolicyAdmin",
    "OrderAdmin",
    "OrderDeliveryAdmin",
    "QuoteAdmin",
    "QuoteDeliveryAdmin",
    "customers",
    "late_purchases",
    "stock_card",
]
