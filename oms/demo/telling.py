"""Every story by its name, told about the plans that ask for it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from oms.demo import capturing, quotes, shipping
from oms.demo.clock import Story
from oms.demo.house import House
from oms.demo.plans import Plan

STORIES: dict[str, Callable[[House, Plan], Story[Any]]] = {
    "draft": capturing.drafts,
    "waiting": capturing.waiting,
    "approved_in_part": capturing.approved_in_part,
    "held": capturing.held,
    "ready": capturing.ready,
    "withdrawn": capturing.withdrawn,
    "cancelled_draft": lambda h, p: capturing.cancelled_as(h, p, capturing.entered(h, p), "Entered twice"),
    "cancelled_submitted": lambda h, p: capturing.cancelled_as(
        h, p, capturing.submitted(h, p), "Wrong customer"
    ),
    "cancelled_confirmed": lambda h, p: capturing.cancelled_as(
        h, p, capturing.confirmed(h, p), "Project stopped"
    ),
    "cancelled_released": shipping.cancelled_released,
    "confirmed": capturing.confirmed,
    "partly_backordered": capturing.confirmed,
    "backordered": capturing.confirmed,
    "waited": shipping.waited,
    "planned": shipping.planned,
    "picking": shipping.picking,
    "short_picked": shipping.short_picked,
    "counted": shipping.counted,
    "void": shipping.voided,
    "taken_back": shipping.taken_back,
    "packed": shipping.ready_to_go,
    "just_left": shipping.just_left,
    "on_the_road": shipping.on_the_road,
    "announced": shipping.announced,
    "delivered": shipping.delivered,
    "rest_cancelled": shipping.rest_cancelled,
    "closed": shipping.closed,
    "corrected": shipping.corrected_and_closed,
    "quote_draft": quotes.drafted,
    "quote_waiting": quotes.offered,
    "quote_sent": quotes.open_to_answer,
    "quote_revised": quotes.revised,
    "quote_accepted": quotes.accepted,
    "quote_declined": quotes.declined,
    "quote_expired": quotes.expired,
    "quote_cancelled": quotes.cancelled,
    "quote_countered": quotes.countered,
    "quote_shared": quotes.shared,
}


def stories_of(house: House, plans: Sequence[Plan]) -> Iterator[Story[Any]]:
    for plan in plans:
        yield STORIES[plan.story](house, plan)
