"""T3: two commands at once end as one after the other would have, wherever the first one was held up."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection

from oms.verify import verify
from tests.campaigns import trials
from tests.campaigns.commands import COMMANDS
from tests.campaigns.duel import NAMES, Duel
from tests.campaigns.snapshot import Snapshot
from tests.campaigns.stages import Stage, standing
from tests.races.players import done

pytestmark = pytest.mark.race

MOST_STATEMENTS, AT_RANDOM = 200, 60
SCHEDULE = "CAMPAIGN_SCHEDULE"
DANGEROUS = [
    ("confirm", "confirm_rival"),
    ("cancel_two", "confirm_both"),
    ("confirm", "adjust"),
    ("confirm", "move_away"),
    ("cancel_released", "pick"),
    ("short_pick", "confirm"),
    ("void_packed", "ship"),
    ("serve", "cancel"),
    ("void_shipped", "hand_over"),
    ("receive_purchase", "cancel_purchase"),
    ("answer_purchase", "receive_purchase"),
    ("send_quote", "confirm"),
    ("confirm_ordered", "let_go_ordered"),
    ("move_draft", "let_go_draft"),
    ("split_away", "change"),
    ("plan_call_off", "plan_again"),
    ("call_off", "skip_call_off"),
    ("tell_credit", "confirm_on_credit"),
]
ALL = [*combinations(COMMANDS, 2), *((name, name) for name in COMMANDS)]


@contextmanager
def releases() -> Iterator[list[str]]:
    """Note when locks are let go, at a COMMIT or a return to a savepoint, and what is still said after that."""
    noted: list[str] = []
    commit = connection._commit

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if noted or sql.startswith("ROLLBACK TO"):
            noted.append(sql)
        return execute(sql, parameters, many, context)

    def noted_commit() -> Any:
        noted.append("COMMIT")
        return commit()

    with connection.execute_wrapper(note), patch.object(connection, "_commit", noted_commit):
        yield noted


class Meeting:
    """A pair of commands, and how it may end."""

    act = "tests.campaigns.commands.do"

    def __init__(self, duel: Duel, first: str, second: str) -> None:
        self.duel, self.names = duel, (first, second)
        self.set_up = Stage(duel.place, [COMMANDS[name].need for name in self.names])
        self.turns = [COMMANDS[name].turn(self.set_up, self.act) for name in self.names]
        self.snapshot = Snapshot()
        self.at_once = [True, True]  # whether each lets no lock go before its end
        self.serial = [self.one_after_the_other(order) for order in ((0, 1), (1, 0))]
        self.schedules: list[str] = []

    def one_after_the_other(self, order: tuple[int, int]) -> tuple:
        results = ["", ""]
        for who in order:
            with releases() as released:
                results[who] = self.said(done(self.turns[who]))
            self.at_once[who] = self.at_once[who] and len(released) < 2
        return self.end(*results)

    def end(self, *results: str) -> tuple:
        """Return what both answered and how everything stands, and set the stage again. All is proven before."""
        found, breaches = (results, standing(self.set_up)), self.duel.proofs.breaches()
        self.snapshot.put_back()
        assert not breaches, f"{self.names}: {'; '.join(map(str, breaches))}"
        return found

    def said(self, outcome) -> str:
        assert not outcome.error, f"{self.names}: {outcome.error}"
        return outcome.refused.partition(":")[0] or "done"

    def play(self, wanted: str) -> str:
        """Play one schedule and hold its end against both serial ones; return the letters taken."""
        letters, outcomes = self.duel.play(self.turns, wanted)
        replay = f"{' x '.join(self.names)} SCHEDULE={letters}"
        errors = [outcome.error for outcome in outcomes if outcome.error]
        assert not errors, f"{replay}\n{errors[0]}"
        end = self.end(*map(self.said, outcomes))
        assert end in self.serial, f"{replay}\nfound {end}\nallowed {self.serial}"
        self.schedules.append(letters)
        return letters

    def play_all(self, *orders: str) -> int:
        """Hold the first of each order up before each of its statements, while the other runs whole."""
        for held, other in orders:
            n, ends = 0, MOST_STATEMENTS
            while n < ends and not self.waits_from(n, held, other):
                n, ends = n + 1, self.schedules[-1].count(held)
            if n < ends:
                self.play_where_waiting_differs(n, held, other)
        return len(self.schedules)

    def play_where_waiting_differs(self, n: int, held: str, other: str) -> None:
        """Play on from where the other first has to wait.

        Whoever goes on holds ever more locks, so that the other waits ever sooner. Where it waits at the same statement
        for two stops, it does for each between them, has seen the same, and all else happens one after the other.
        """
        waits = {n: self.waits_from(n, held, other)}
        last = self.schedules[-1].count(held) - 1
        if not self.at_once[NAMES.index(held)]:
            for each in range(n + 1, last + 1):
                self.waits_from(each, held, other)
            return
        pairs = [(n, last)]
        waits[last] = self.waits_from(last, held, other)
        while pairs:
            low, high = pairs.pop()
            if high - low > 1 and waits[low] != waits[high]:
                middle = (low + high) // 2
                waits[middle] = self.waits_from(middle, held, other)
                pairs += [(low, middle), (middle, high)]

    def waits_from(self, n: int, held: str, other: str) -> int:
        """Play with one held up before its n-th statement; return at which of its own the other waits, 0 for none."""
        letters = self.play(held * n + other * MOST_STATEMENTS)
        ran = len(letters[n:]) - len(letters[n:].lstrip(other))
        return ran if letters.count(other) > ran else 0


def test_the_most_dangerous_pairs_end_as_one_after_the_other(duel, request):
    """Half of them, another half each time; soak plays all, and all others."""
    pairs = random.Random(trials.seed(request)).sample(DANGEROUS, len(DANGEROUS) // 2)

    played = sum(Meeting(duel, *pair).play_all("AB") for pair in pairs)

    trials.told(request, "T3", pairs=len(pairs), schedules=played)
    assert verify() == []


@pytest.mark.soak
@pytest.mark.parametrize("pair", ALL, ids=" x ".join)
def test_every_pair_ends_as_one_after_the_other(duel, pair, request):
    played = Meeting(duel, *pair).play_all("AB", "BA")

    trials.told(request, f"T3 {' x '.join(pair)}", schedules=played)
    assert verify() == []


@pytest.mark.soak
def test_random_schedules_end_as_one_after_the_other(duel, request):
    chosen = trials.seed(request)
    dice = random.Random(chosen)
    many = trials.trials(500)
    pairs = dice.sample(ALL, 20)

    for pair in pairs:
        meeting = Meeting(duel, *pair)
        for _trial in range(many // len(pairs)):
            meeting.play("".join(dice.choices("AB", k=AT_RANDOM)))

    trials.told(request, "T3 at random", pairs=len(pairs), schedules=many // len(pairs) * len(pairs))
    assert verify() == []


@pytest.mark.soak
@pytest.mark.skipif(
    SCHEDULE not in os.environ, reason=f"{SCHEDULE}='confirm x adjust AAABBB' plays one again"
)
def test_a_schedule_is_played_again(duel):
    first, _x, second, letters = os.environ[SCHEDULE].split()

    Meeting(duel, first, second).play(letters)


def test_the_same_letters_play_the_same_duel(duel):
    meeting = Meeting(duel, "confirm", "adjust")
    letters = meeting.play("AAAAAAAAAABBBBBBBBBB")

    assert meeting.play(letters) == letters


def test_what_a_duel_leaves_is_proven(duel):
    """The end looks right to who compares stock and lines; the order's total is what is wrong."""

    class Crooked(Meeting):
        act = "tests.campaigns.commands.do_and_bend_totals"

    with pytest.raises(AssertionError, match="total"):
        Crooked(duel, "confirm", "adjust")


def test_without_the_lock_a_pair_ends_as_no_order_would(duel):
    """Both read that five are free; the check of the database is all that keeps six from being sold."""

    class Careless(Meeting):
        act = "tests.campaigns.commands.do_without_lock"

    meeting = Careless(duel, "confirm", "confirm_rival")

    with pytest.raises(AssertionError, match=r"never_promise_more_than_on_hand|allowed"):
        meeting.play_all("AB")
