"""T3: two commands at once end as one after the other would have, wherever the first one was held up."""

import os
import random
from itertools import combinations

import pytest

from oms.verify import verify
from tests.campaigns import trials
from tests.campaigns.commands import COMMANDS
from tests.campaigns.duel import Duel
from tests.campaigns.snapshot import Snapshot
from tests.campaigns.stages import Stage, standing
from tests.races.players import done

pytestmark = pytest.mark.race

MOST_STATEMENTS = 60
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
]
ALL = [*combinations(COMMANDS, 2), *((name, name) for name in COMMANDS)]


class Meeting:
    """A pair of commands, and how it may end."""

    act = "tests.campaigns.commands.do"

    def __init__(self, duel: Duel, first: str, second: str) -> None:
        self.duel, self.names = duel, (first, second)
        self.set_up = Stage(duel.place, [COMMANDS[name].need for name in self.names])
        self.turns = [COMMANDS[name].turn(self.set_up, self.act) for name in self.names]
        self.snapshot = Snapshot()
        self.serial = [self.one_after_the_other(order) for order in ((0, 1), (1, 0))]
        self.schedules: list[str] = []

    def one_after_the_other(self, order: tuple[int, int]) -> tuple:
        results = ["", ""]
        for who in order:
            results[who] = self.said(done(self.turns[who]))
        return self.end(*results)

    def end(self, *results: str) -> tuple:
        """Return what both answered and how everything stands, and set the stage again."""
        found = results, standing(self.set_up)
        self.snapshot.put_back()
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
            for n in range(MOST_STATEMENTS):
                letters = self.play(held * n + other * MOST_STATEMENTS)
                if letters.count(held) <= n:
                    break
        return len(self.schedules)


def test_the_most_dangerous_pairs_end_as_one_after_the_other(duel, request):
    played = sum(Meeting(duel, *pair).play_all("AB") for pair in DANGEROUS)

    trials.told(request, "T3", pairs=len(DANGEROUS), schedules=played)
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
            meeting.play("".join(dice.choices("AB", k=MOST_STATEMENTS)))

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


def test_without_the_lock_a_pair_ends_as_no_order_would(duel):
    """Both read that five are free; the check of the database is all that keeps six from being sold."""

    class Careless(Meeting):
        act = "tests.campaigns.commands.do_without_lock"

    meeting = Careless(duel, "confirm", "confirm_rival")

    with pytest.raises(AssertionError, match=r"never_promise_more_than_on_hand|allowed"):
        meeting.play_all("AB")
