"""T1: whatever one person does after another, stock and promises are what plain Python says they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from fulfillment.models import ShipmentLine
from fulfillment.services import packing
from inventory.services import (
    levels,
    losses,
    moving,
    putting_away,
    sheets,
    suppliers_answers,
    transferring,
)
from oms.sets import add_to_rows
from orders.allocation import first_to_go
from orders.services import (
    allocating,
    drafting,
    losing,
    overriding,
    quoting,
    splitting,
    stock_holds,
)
from orders.services.queue import read_queue
from orders.services.stock_holds import take_over
from tests.campaigns import trials
from tests.campaigns.late_histories import LateHistories
from tests.campaigns.quote_histories import begun
from tests.campaigns.small_house import a_small_house
from tests.campaigns.stock_histories import Histories
from tests.plans import plans_kept

HISTORIES, STEPS = 300, 10
SHRINKING = [Phase.generate, Phase.shrink]


@pytest.fixture
def live(db):
    """Live so many histories from a seed; an error is the first that shrank to its shortest history."""
    begun(a_small_house())

    def live(many: int, chosen: int, phases: Iterable[Phase] = tuple(Phase)) -> None:
        Histories.lived = Histories.steps = Histories.refusals = 0
        calm = settings(
            max_examples=many,
            stateful_step_count=STEPS,
            phases=phases,
            report_multiple_bugs=False,
            deadline=None,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        with plans_kept():
            run_state_machine_as_test(seed(chosen)(LateHistories), settings=calm)

    return live


def tell_of(live, request, many):
    chosen, lived = trials.seed(request), Histories
    try:
        live(trials.trials(many), chosen, [Phase.generate])
    except Exception:
        told_as_it_is(request, lived)
        live(
            trials.trials(many), chosen, SHRINKING
        )  # only what has failed is made short: that takes its time
        raise
    told_as_it_is(request, lived)


def told_as_it_is(request, lived):
    trials.told(request, "T1", histories=lived.lived, commands=lived.steps, refusals_foretold=lived.refusals)


def test_every_history_ends_as_the_oracle_says(live, request):
    tell_of(live, request, HISTORIES)


@pytest.mark.soak
def test_thousands_of_histories_end_as_the_oracle_says(live, request):
    tell_of(live, request, 5_000)


SABOTAGE = 60  # histories are enough to notice


def alone_in_the_queue(orders, levels, **how):
    """Read the queue as if nobody else stood in it."""
    mine, queue = list(orders), read_queue(orders, levels, **how)
    return replace(queue, bids=[bid for bid in queue.bids if bid.order_id in mine])


def test_the_campaign_notices_who_jumps_the_queue(live, monkeypatch):
    monkeypatch.setattr(allocating, "read_queue", alone_in_the_queue)

    with pytest.raises(AssertionError, match=r"(line|level).*oracle"):
        live(SABOTAGE, 1, [Phase.generate])


def test_the_campaign_notices_that_nobody_asks_what_is_promised(live, monkeypatch):
    for module in (moving, transferring, losses):
        monkeypatch.setattr(module, "require_available", nothing)

    with pytest.raises(IntegrityError, match="never_promise_more_than_on_hand"):
        live(2 * SABOTAGE, 1, [Phase.generate])


def test_the_campaign_notices_a_trigger_that_forgets_what_is_picked(live):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname ~ 'keep_allocated_update'")
        text = cursor.fetchone()[0]
        forgetful = text.replace("allocated + picked + packed", "allocated + packed")
        cursor.execute(forgetful)
    assert forgetful != text

    with pytest.raises(AssertionError, match=r"level BOLT NORTH|I0"):
        live(SABOTAGE, 1, [Phase.generate])


def nothing(*_arguments, **_more):
    """Do nothing: a guard or a step that somebody has forgotten."""


def not_one(*_arguments):
    return 0


def half_of(service):
    """Forget the shipment's own lines, and change only what the order's say."""

    def changed(model, ids, **columns):
        if model is not ShipmentLine:
            service(model, ids, **columns)

    return changed


def who_came_first(held, missing):
    """Let those lose who are served first."""
    last = {one.allocation_id: place for place, one in enumerate(sorted(held, key=lambda one: one.rank))}
    turned = [replace(one, rank=one.rank._replace(contract_class=-last[one.allocation_id])) for one in held]
    return first_to_go(turned, missing)


def with_what_is_held(level):
    """Let orders have what quotes hold."""
    return max(0, level.available - level.channel_buffer)


def for_nobody(order, held, levels):
    """End what a quote holds, and forget whose it was."""
    take_over(order, held, levels)
    return Counter()


# Each fault, and a seed from which it is noticed soon; any other seed notices it, too, in the end.
FAULTS = {
    "a bin that is no shelf": (3, (putting_away, "_require_shelves", nothing)),
    "a transfer takes what is promised": (22, (transferring, "require_available", nothing)),
    "a transfer never comes to its end": (2, (transferring, "_told", nothing)),
    "quarantine takes what is promised": (12, (losses, "require_available", nothing)),
    "a carton keeps what was taken out": (4, (packing, "_take_out", nothing)),
    "a shipment forgets what was packed": (2, (packing, "add_to_rows", half_of(add_to_rows))),
    "a loss takes from who came first": (14, (losing, "first_to_go", who_came_first)),
    "a count changes nothing": (4, (sheets, "apply", nothing)),
    "a part leaves its stock behind": (10, (splitting, "_hand_over", nothing)),
    "who loses stock keeps it": (28, (overriding, "_give_up", nothing)),
    "what a quote holds is anybody's": (20, (levels.Level, "free", property(with_what_is_held))),
    "a quote holds what somebody waits for": (2, (stock_holds, "read_queue", alone_in_the_queue)),
    "what was held is not the order's": (16, (allocating, "take_over", for_nobody)),
    "a hold outlives its quote": (21, (quoting, "end_holds", nothing)),
    "a hold stays where it was": (15, (drafting, "move_holds", nothing)),
    "a hold never lapses": (1, (stock_holds, "_lapse", not_one)),
    "a supplier sends more than was ordered": (26, (suppliers_answers, "_require_answer", nothing)),
    "an answer is not written down": (2, (suppliers_answers, "set_in_rows", nothing)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_campaign_notices_that(live, monkeypatch, fault):
    noticed_soon_from, sabotage = FAULTS[fault]
    monkeypatch.setattr(*sabotage)

    with pytest.raises((AssertionError, DatabaseError)):
        live(10 * SABOTAGE, noticed_soon_from, [Phase.generate])


@pytest.mark.soak
def test_what_is_found_is_told_as_the_shortest_history(live, monkeypatch):
    monkeypatch.setattr(transferring, "require_available", nothing)

    with pytest.raises(IntegrityError) as found:
        live(SABOTAGE, 1, SHRINKING)

    calls = [line for note in found.value.__notes__ for line in note.splitlines() if "state." in line]
    assert 1 <= len(calls) <= 5  # the end of the history is one of them
