"""Who gets what stock: ranks, policies, fair share, sourcing and what it costs others. No database here."""

from orders.allocation.bids import Bid, Demand, Grant, Rank, Row, Terms
from orders.allocation.losing import Held, Loss, Taking, first_to_go, take
from orders.allocation.running import run
from orders.allocation.sharing import fair_shares
from orders.allocation.sourcing import Option, Way, best_first, rows_in_turn

__all__ = [
    "Bid",
    "Demand",
    "Grant",
    "Held",
    "Loss",
    "Option",
    "Rank",
    "Row",
    "Taking",
    "Terms",
    "Way",
    "best_first",
    "fair_shares",
    "first_to_go",
    "rows_in_turn",
    "run",
    "take",
]
