"""T1: whatever one person does after another, stock and promises are what plain Python says they are."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants
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
    calling_off,
    cancelling,
    changing,
    drafting,
    losing,
    overriding,
    queue,
    quoting,
    scheduling,
    splitting,
    stock_holds,
)
from orders.services.queue import read_queue
from orders.services.stock_holds import take_over
from tests.campaigns import trials
from tests.campaigns.call_off_histories import CallOffHistories, begun
from tests.campaigns.small_house import a_small_house
from tests.campaigns.stock_histories import NTH, Histories
from tests.plans import plans_kept
from tests.shared import shared_by_the_module

HISTORIES, STEPS = 300, 10
SHRINKING = [Phase.generate, Phase.shrink]


house = shared_by_the_module(lambda: begun(a_small_house()))


@pytest.fixture(scope="module")
def plans(house, django_db_blocker):
    """What all histories ask is planned once."""
    with django_db_blocker.unblock(), plans_kept():
        yield


@pytest.fixture
def only_the_seed(monkeypatch):
    """What is drawn depends on nothing but the seed.

    Hypothesis draws one number in twenty from those it finds in our modules, whichever are loaded by then; so a
    seed told another history alone than among all tests.
    """
    monkeypatch.setattr(providers, "_get_local_constants", Constants)
    providers.CONSTANTS_CACHE.cache.clear()
    yield
    providers.CONSTANTS_CACHE.cache.clear()


@pytest.fixture
def live(plans, db, only_the_seed):
    """Live so many histories from a seed; an error is the first that shrank to its shortest history."""

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
        run_state_machine_as_test(seed(chosen)(CallOffHistories), settings=calm)

    return live


FOUND_IN_A_MODULE = 424_242


def drawn() -> set[int]:
    """Return what a seed draws."""
    numbers: set[int] = set()

    @seed(7)
    @settings(max_examples=300, phases=[Phase.generate], database=None)
    @given(st.integers(0, 10**9))
    def draw(number: int) -> None:
        numbers.add(number)

    draw()
    return numbers


def test_a_seed_draws_no_number_that_a_module_holds(only_the_seed, monkeypatch):
    held = Constants(integers={FOUND_IN_A_MODULE})
    monkeypatch.setattr(providers, "_local_constants", held)
    assert FOUND_IN_A_MODULE not in drawn()

    monkeypatch.setattr(providers, "_get_local_constants", lambda: held)  # the control: as Hypothesis does it
    providers.CONSTANTS_CACHE.cache.clear()
    assert FOUND_IN_A_MODULE in drawn()


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


FEW, SABOTAGE = 12, 60  # histories are enough to notice


def alone_in_the_queue(orders, levels, **how):
    """Read the queue as if nobody else stood in it."""
    mine, there = list(orders), read_queue(orders, levels, **how)
    return replace(there, bids=[bid for bid in there.bids if bid.order_id in mine])


def test_the_campaign_notices_who_jumps_the_queue(live, monkeypatch):
    monkeypatch.setattr(allocating, "read_queue", alone_in_the_queue)

    with pytest.raises(AssertionError, match=r"(line|level).*oracle"):
        live(SABOTAGE, 4, [Phase.generate])


def test_the_campaign_notices_that_nobody_asks_what_is_promised(live, monkeypatch):
    for module in (moving, transferring, losses):
        monkeypatch.setattr(module, "require_available", nothing)

    with pytest.raises(IntegrityError, match="never_promise_more_than_on_hand"):
        live(2 * SABOTAGE, 7, [Phase.generate])


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


def with_the_buffer(level):
    """Let orders have what is kept for other channels."""
    return max(0, level.available - level.held)


def nobody(*_arguments):
    return []


def for_none(_later):
    return Counter()


def for_nobody(order, held, levels):
    """End what a quote holds, and forget whose it was."""
    take_over(order, held, levels)
    return Counter()


# Faults that histories come upon seldom, each with one that goes straight there, begun where all begin.
STRAIGHT_TO = {
    "more is planned than was agreed": (
        (scheduling, "_require_room", nothing),
        lambda told: told.plan_call_offs("BOLT", 3, 9, 1),
    ),
    "what is not agreed is called off, too": (
        (calling_off, "_require_agreed", nothing),
        lambda told: told.call_off_after_more(1, 7),
    ),
    "a part is of no call-off": (
        (splitting, "follow_split", nothing),
        lambda told: told.split_called_off(0, {0}),
    ),
    "a part draws nothing": (
        (splitting, "pass_on_draws", nothing),
        lambda told: told.split_called_off(0, {0}),
    ),
    "a change draws nothing": (
        (changing, "draw_as_changed", nothing),
        lambda told: told.call_off_after_more(1, 4),
    ),
    "who cancels does not give back what was agreed": (
        (cancelling, "give_back_draws", nothing),
        lambda told: told.cancel(NTH * told.orders.index(told.called[0])),
    ),
    "a rest closed short keeps its stock": (
        (cancelling, "give_back_soft", nothing),
        lambda told: told.bring_what_is_missing(1),
    ),
}


def tell(steps):
    """Live one history of these steps; it ends with all proofs."""
    told = CallOffHistories()
    try:
        steps(told)
    finally:
        told.teardown()


@pytest.mark.parametrize("fault", STRAIGHT_TO)
def test_a_history_goes_straight_to_what_is_rare(plans, db, monkeypatch, fault):
    sabotage, steps = STRAIGHT_TO[fault]
    tell(steps)
    monkeypatch.setattr(*sabotage)

    with pytest.raises(AssertionError):
        tell(steps)


# Each fault, and a seed from which it is noticed soon; any other seed notices it, too, in the end.
FAULTS = {
    "a bin that is no shelf": (2, (putting_away, "_require_shelves", nothing)),
    "a transfer takes what is promised": (7, (transferring, "require_available", nothing)),
    "a transfer never comes to its end": (3, (transferring, "_told", nothing)),
    "quarantine takes what is promised": (6, (losses, "require_available", nothing)),
    "a carton keeps what was taken out": (8, (packing, "_take_out", nothing)),
    "a shipment forgets what was packed": (7, (packing, "add_to_rows", half_of(add_to_rows))),
    "a loss takes from who came first": (3, (losing, "first_to_go", who_came_first)),
    "a count changes nothing": (9, (sheets, "apply", nothing)),
    "a part leaves its stock behind": (9, (splitting, "_hand_over", nothing)),
    "who loses stock keeps it": (11, (overriding, "_give_up", nothing)),
    "what a quote holds is anybody's": (1, (levels.Level, "free", property(with_what_is_held))),
    "a quote holds what somebody waits for": (2, (stock_holds, "read_queue", alone_in_the_queue)),
    "what was held is not the order's": (1, (allocating, "take_over", for_nobody)),
    "a hold outlives its quote": (3, (quoting, "end_holds", nothing)),
    "a hold stays where it was": (15, (drafting, "move_holds", nothing)),
    "a hold never lapses": (1, (stock_holds, "_lapse", not_one)),
    "a supplier sends more than was ordered": (101, (suppliers_answers, "_require_answer", nothing)),
    "an answer is not written down": (8, (suppliers_answers, "set_in_rows", nothing)),
    "a supplier names a day that is over": (1, (suppliers_answers, "require_days", nothing)),
    "what is kept for other channels is sold": (1, (levels.Level, "free", property(with_the_buffer))),
    "a hold outlives its order": (1, (cancelling, "end_holds_of", nothing)),
    "what is due later takes stock": (7, (queue, "later_lines", nobody)),
    "who came later is served before": (5, (queue, "bids_of", nobody)),
    "what is kept for a later day is sold": (6, (queue, "needed_of", for_none)),
    "a day is called off in many orders": (7, (calling_off, "_besides", nobody)),
}


def live_until_noticed(live, chosen):
    """Live a few, then more: Hypothesis begins otherwise when it may make more, and days make histories differ."""
    for many in FEW, SABOTAGE, 10 * SABOTAGE:
        live(many, chosen, [Phase.generate])


@pytest.mark.parametrize("fault", FAULTS)
def test_the_campaign_notices_that(live, monkeypatch, fault):
    noticed_soon_from, sabotage = FAULTS[fault]
    monkeypatch.setattr(*sabotage)

    with pytest.raises((AssertionError, DatabaseError)):
        live_until_noticed(live, noticed_soon_from)


@pytest.mark.soak
@pytest.mark.parametrize(
    "fault", ["a transfer takes what is promised", "what is kept for other channels is sold"]
)
def test_what_is_found_is_told_as_the_shortest_history(live, monkeypatch, fault):
    noticed_soon_from, sabotage = FAULTS[fault]
    monkeypatch.setattr(*sabotage)

    with pytest.raises((AssertionError, IntegrityError)) as found:
        live(FEW, noticed_soon_from, SHRINKING)

    calls = [line for note in found.value.__notes__ for line in note.splitlines() if "state." in line]
    print(*calls, sep="\n")
    assert 1 <= len(calls) <= 5  # the end of the history is one of them
