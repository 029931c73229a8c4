"""T1: whatever one person does after another, stock and promises are what plain Python says they are."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from inventory.services import moving
from orders.services import allocating
from orders.services.queue import read_queue
from tests.campaigns import histories, trials
from tests.campaigns.histories import ShipmentHistories
from tests.campaigns.small_house import a_small_house

HISTORIES, STEPS = 300, 10


@pytest.fixture
def live(db):
    """Live so many histories from a seed; an error is the first that shrank to its shortest history."""
    histories.begun(a_small_house())

    def live(many: int, chosen: int, phases: Iterable[Phase] = tuple(Phase)) -> None:
        histories.Histories.lived = histories.Histories.steps = histories.Histories.refusals = 0
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
        run_state_machine_as_test(seed(chosen)(ShipmentHistories), settings=calm)

    return live


def tell_of(live, request, many):
    chosen, lived = trials.seed(request), histories.Histories
    try:
        live(trials.trials(many), chosen, [Phase.generate])
    finally:
        foretold = lived.refusals
        trials.told(request, "T1", histories=lived.lived, commands=lived.steps, refusals_foretold=foretold)


def test_every_history_ends_as_the_oracle_says(live, request):
    tell_of(live, request, HISTORIES)


@pytest.mark.soak
def test_thousands_of_histories_end_as_the_oracle_says(live, request):
    tell_of(live, request, 5_000)


SABOTAGE = 60  # histories are enough to notice


def alone_in_the_queue(orders, levels):
    """Read the queue as if nobody else stood in it."""
    mine, queue = list(orders), read_queue(orders, levels)
    return replace(queue, bids=[bid for bid in queue.bids if bid.order_id in mine])


def test_the_campaign_notices_who_jumps_the_queue(live, monkeypatch):
    monkeypatch.setattr(allocating, "read_queue", alone_in_the_queue)

    with pytest.raises(AssertionError, match=r"(line|level).*oracle"):
        live(SABOTAGE, 1, [Phase.generate])


def test_the_campaign_notices_that_nobody_asks_what_is_promised(live, monkeypatch):
    monkeypatch.setattr(moving, "require_available", lambda levels, wanted, document: None)

    with pytest.raises(IntegrityError, match="never_promise_more_than_on_hand"):
        live(SABOTAGE, 1, [Phase.generate])


def test_the_campaign_notices_a_trigger_that_forgets_what_is_picked(live):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname ~ 'keep_allocated_update'")
        text = cursor.fetchone()[0]
        forgetful = text.replace("allocated + picked + packed", "allocated + packed")
        cursor.execute(forgetful)
    assert forgetful != text

    with pytest.raises(AssertionError, match=r"level BOLT NORTH|I0"):
        live(SABOTAGE, 1, [Phase.generate])
