"""The lives of quotes, orders and approvals: the states, and the tables of moves."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class QuoteStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for approval")
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    ORDERED = "ordered", _("ordered")
    CANCELLED = "cancelled", _("cancelled")


NEXT_OF_QUOTE: dict[str, frozenset[str]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.WAITING, QuoteStatus.SENT, QuoteStatus.CANCELLED}),
    QuoteStatus.WAITING: frozenset({QuoteStatus.DRAFT, QuoteStatus.SENT, QuoteStatus.CANCELLED}),
    QuoteStatus.SENT: frozenset(
        {
            QuoteStatus.DRAFT,
            QuoteStatus.ACCEPTED,
            QuoteStatus.DECLINED,
            QuoteStatus.EXPIRED,
            QuoteStatus.CANCELLED,
        }
    ),
    QuoteStatus.ACCEPTED: frozenset({QuoteStatus.ORDERED}),
    QuoteStatus.DECLINED: frozenset({QuoteStatus.DRAFT}),
    QuoteStatus.EXPIRED: frozenset({QuoteStatus.DRAFT, QuoteStatus.ACCEPTED}),
    QuoteStatus.ORDERED: frozenset(),
    QuoteStatus.CANCELLED: frozenset(),
}
OPEN = (QuoteStatus.DRAFT, QuoteStatus.WAITING, QuoteStatus.SENT)  # the customer may come to accept it


DECIDED = frozenset(
    {
        QuoteStatus.ACCEPTED,
        QuoteStatus.ORDERED,
        QuoteStatus.DECLINED,
        QuoteStatus.EXPIRED,
        QuoteStatus.CANCELLED,
    }
)


class Outcome(models.TextChoices):
    """Why a quote was won or lost."""

    PRICE = "price", _("price")
    DELIVERY = "delivery", _("delivery time")
    PRODUCT = "product", _("product or quality")
    SERVICE = "service", _("service or relation")
    COMPETITOR = "competitor", _("somebody else's offer")
    NOT_NEEDED = "not_needed", _("not needed any more")
    NO_ANSWER = "no_answer", _("no answer")
    OTHER = "other", _("something else")


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    CONFIRMED = "confirmed", _("confirmed")
    RELEASED = "released", _("released")
    COMPLETED = "completed", _("completed")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


NEXT_OF_ORDER: dict[str, frozenset[str]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.SUBMITTED, OrderStatus.CANCELLED}),
    OrderStatus.SUBMITTED: frozenset({OrderStatus.DRAFT, OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.RELEASED, OrderStatus.CANCELLED}),
    OrderStatus.RELEASED: frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED}),
    # Back to released when a shipment is taken back before the carrier has it.
    OrderStatus.COMPLETED: frozenset({OrderStatus.CLOSED, OrderStatus.RELEASED}),
    OrderStatus.CLOSED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
IN_WORK = (OrderStatus.CONFIRMED, OrderStatus.RELEASED)


class HoldKind(models.TextChoices):
    APPROVAL = "approval", _("approval")
    CREDIT = "credit", _("credit")
    MANUAL = "manual", _("manual")


# What is said of a hold to those who may not read its reason: it has figures of cost or of credit
OF_A_HOLD: dict[str, Promise] = {
    HoldKind.APPROVAL: _("an approval rule asks; see the order"),
    HoldKind.CREDIT: _("its customer's credit is used up"),
}


class HoldEnd(models.TextChoices):
    """Why a quote holds stock no longer."""

    ORDERED = "ordered", _("its order has it")
    LEFT_OUT = "left_out", _("its order leaves it out")
    LAPSED = "lapsed", _("its last day is over")
    REPLACED = "replaced", _("another version replaced it")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    CANCELLED = "cancelled", _("cancelled")
    LET_GO = "let_go", _("let go by hand")
    MOVED = "moved", _("its order goes out elsewhere")


class Deciding(models.TextChoices):
    """Who at the customer's has to accept a version."""

    ANY = "any", _("any of them")
    ALL = "all", _("all of them")
    IN_ORDER = "in_order", _("all of them, one after the other")


CONSENTED = "consented"  # the event: one has accepted of several who have to


class Reply(models.TextChoices):
    """What a customer says to a quote."""

    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Meeting(models.TextChoices):
    """How we meet what a customer wants of a line instead."""

    MET = "met", _("as they want")
    HELD = "held", _("as quoted")
    PROPOSED = "proposed", _("something else")


class PaperKind(models.TextChoices):
    """What is printed for a customer."""

    QUOTE = "quote", _("Quote")
    CONFIRMATION = "confirmation", _("Order confirmation")
    PROFORMA = "proforma", _("Pro-forma invoice")


class RuleFact(models.TextChoices):
    """What an approval rule looks at."""

    TOTAL_ABOVE = "total_above", _("total above")
    DISCOUNT_ABOVE = "discount_above", _("a line's discount percent above")
    MARGIN_BELOW = "margin_below", _("margin percent below")
    PRICE_BELOW_LIST = "price_below_list", _("a price typed below the list by more than percent")
    BELOW_FLOOR = "below_floor", _("a net price below its floor by more than percent")


class RequestStatus(models.TextChoices):
    PENDING = "pending", _("pending")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT_OF_REQUEST: dict[str, frozenset[str]] = {
    RequestStatus.PENDING: frozenset(
        {RequestStatus.APPROVED, RequestStatus.REJECTED, RequestStatus.WITHDRAWN}
    ),
    RequestStatus.APPROVED: frozenset(),
    RequestStatus.REJECTED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
}


class Verdict(models.TextChoices):
    APPROVE = "approve", _("approve")
    REJECT = "reject", _("reject")


class PromiseCause(models.TextChoices):
    """Why a row stands in the ledger of promises. All but the first three leave the customer's day as it was."""

    CONFIRMED = "confirmed", _("promised at confirmation")
    RENEWED = "renewed", _("the customer was told another day")
    CHANGED = "changed", _("the order was changed")
    SOONER = "sooner", _("what it waits for comes sooner")
    REDATED = "redated", _("what it waits for comes on another day")
    LATE = "late", _("what it waits for has not come on its day")
    FEWER = "fewer", _("less comes than it waits for")
    GONE = "gone", _("what it waited for does not come any more")
    NOT_BOUGHT = "not_bought", _("no supplier has confirmed to bring it")
    LOST = "lost", _("stock was lost")
    TAKEN = "taken", _("stock was given to another order")
    OVERTAKEN = "overtaken", _("orders before it in the queue take it")


class Interval(models.TextChoices):
    """How far the days of a schedule are from each other."""

    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    MONTHLY = "monthly", _("every month, the same day")
    MONTHLY_WEEKDAY = "monthly_weekday", _("every month, the same weekday")


class CallOffStatus(models.TextChoices):
    """How far a call-off is. It is kept nowhere: it follows from its orders."""

    PLANNED = "planned", _("planned")
    ORDERED = "ordered", _("ordered")
    PARTLY_SHIPPED = "partly_shipped", _("partly shipped")
    SHIPPED = "shipped", _("shipped")
    SKIPPED = "skipped", _("skipped")
