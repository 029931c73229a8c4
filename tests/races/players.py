"""Processes of their own, each with its connection, that do the same thing at the same moment.

A player is started once and told what to do by name, so that a race costs no start of Python.
"""

import importlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

WITHOUT_SCREENS = {"django.contrib.admin": "django.contrib.admin.apps.SimpleAdminConfig"}  # half the start
WARM = "tests.races.warm"
PATIENCE = 30  # seconds; a player who waits longer has met a deadlock that nobody resolved


@dataclass(frozen=True)
class Turn:
    """What a player does: an act and its arguments, with a guard taken away first when a sabotage is named."""

    act: str
    arguments: tuple[Any, ...] = ()
    sabotage: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a turn: an answer, a refusal in its sentence, or an error with its name."""

    answer: Any = None
    refused: str = ""
    error: str = ""


def forked_from_one() -> Any:
    """Return how processes are made that do not each load Django, which takes two seconds of a processor.

    All are forked from one that has loaded it and connects to nothing; only that one imports `WARM`.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM])
    return context


class Players:
    """So many processes that start on one signal."""

    def __init__(self, many: int, database: str) -> None:
        context = forked_from_one()
        self.start = context.Barrier(many)
        self.meeting = {"no_lock": context.Barrier(many), "no_order": context.Barrier(2)}
        self.lines: list[Connection] = []
        self.processes = []
        for _player in range(many):
            ours, theirs = context.Pipe()
            process = context.Process(
                target=play, args=(theirs, database, self.start, self.meeting), daemon=True
            )
            process.start()
            theirs.close()
            self.lines.append(ours)
            self.processes.append(process)

    def ready(self) -> None:
        for line in self.lines:
            line.recv()

    def race(self, turns: Sequence[Turn]) -> list[Outcome]:
        """Let all players do their turns at once, those without one stand by, and return what came of them."""
        idle = [Turn("stand_by")] * (len(self.lines) - len(turns))
        for line, turn in zip(self.lines, [*turns, *idle], strict=True):
            line.send(turn)
        outcomes = [self._answer(line) for line in self.lines]
        return outcomes[: len(turns)]

    def _answer(self, line: Connection) -> Outcome:
        if not line.poll(2 * PATIENCE):
            return Outcome(error="no answer")
        answer: Outcome = line.recv()
        return answer

    def go_home(self) -> None:
        for line in self.lines:
            line.send(None)
        for process in self.processes:
            process.join(5)
            if process.is_alive():
                process.kill()


def play_in(database: str) -> None:
    """Set Django up in a process of its own, on this database."""
    os.environ["OMS_PROCESS"] = "command"  # no limit ends a race before it is decided
    os.environ["DJANGO_SETTINGS_MODULE"] = "oms.settings"
    import django

    from oms import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.INSTALLED_APPS = [WITHOUT_SCREENS.get(app, app) for app in settings.INSTALLED_APPS]
    django.setup()


def play(line: Connection, database: str, start: Any, meeting: Any) -> None:
    """Be a player until nobody has a turn for us any more."""
    play_in(database)
    from tests.races import acts

    acts.connect()
    line.send("ready")
    while (turn := line.recv()) is not None:
        with acts.sabotaged(turn.sabotage, meeting):
            start.wait(PATIENCE)
            line.send(done(turn))


def done(turn: Turn) -> Outcome:
    """Do what a turn says; an act of another module than the races' is named with its module."""
    from oms.errors import Refused
    from tests.races import acts

    module, _dot, name = turn.act.rpartition(".")
    act: Callable[..., Any] = getattr(importlib.import_module(module) if module else acts, name)
    try:
        return Outcome(answer=act(*turn.arguments))
    except Refused as refusal:
        return Outcome(refused=f"{refusal.code}: {refusal}")
    except Exception as error:  # noqa: BLE001  the race wants to know of every error
        return Outcome(error=f"{type(error).__name__}: {error}\n{traceback.format_exc()}")
    finally:
        acts.hang_up_if_broken()


def errors(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.error for outcome in outcomes if outcome.error]
