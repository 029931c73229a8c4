"""Two processes that take their SQL statements in turn, as a schedule of letters says: `AAABBBA`.

Each stops before every statement and before COMMIT until it is told to go on. Who waits for the other's lock is
seen from a third connection through pg_blocking_pids(); then the other goes on. Nobody sleeps to be lucky, and the
letters that were really taken play the same duel again.
"""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

import psycopg

from tests.races.players import Outcome, Turn, done, play_in

PATIENCE = 20  # seconds for one statement, a deadlock that PostgreSQL resolves included
GLANCE = 0.003  # seconds between two looks at a statement that has not come back
PAUSED, BLOCKED, DONE = "paused", "blocked", "done"
NAMES = "AB"
UNSTOPPED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Duel:
    def __init__(self, database: str, url: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.watcher = psycopg.connect(url, autocommit=True)
        self.lines: list[Connection] = []
        self.processes = []
        for _name in NAMES:
            ours, theirs = context.Pipe()
            process = context.Process(target=step_by_step, args=(theirs, database), daemon=True)
            process.start()
            theirs.close()
            self.lines.append(ours)
            self.processes.append(process)
        self.pids: list[int] = []
        self.states, self.outcomes, self.letters = [""] * 2, [Outcome()] * 2, ""

    def ready(self) -> "Duel":
        for line in self.lines:
            line.recv()
        return self

    def go_home(self) -> None:
        for line, process in zip(self.lines, self.processes, strict=True):
            line.send(None)
            process.join(5)
            if process.is_alive():
                process.kill()
        self.watcher.close()

    def play(self, turns: Sequence[Turn], wanted: str) -> tuple[str, list[Outcome]]:
        """Let A and B take their turns in the order of these letters, then to the end, A first.

        A letter whose owner waits for the other goes to the other. Return the letters that were taken.
        """
        self.letters, self.states, self.outcomes = "", [PAUSED] * 2, [Outcome()] * 2
        for line, turn in zip(self.lines, turns, strict=True):
            line.send(turn)
        self.pids = [line.recv() for line in self.lines]
        for who in range(2):
            self.await_news(who)
        letters = iter(wanted)
        try:
            while self.states != [DONE, DONE]:
                self.step(self.next_of(letters))
        finally:
            self.end()
        return self.letters, self.outcomes

    def end(self) -> None:
        """Let both come to their end, whatever went wrong, so that nobody holds a lock."""
        deadline = time.monotonic() + PATIENCE
        while self.states != [DONE, DONE] and time.monotonic() < deadline:
            for who, line in enumerate(self.lines):
                if self.states[who] == PAUSED:
                    self.states[who] = ""
                    line.send("go")
                if self.states[who] != DONE and line.poll(GLANCE):
                    self.states[who] = DONE if isinstance(line.recv(), Outcome) else PAUSED

    def next_of(self, letters: Iterator[str]) -> int:
        """Return whose statement is next; -1 when both can only wait for PostgreSQL."""
        for letter in letters:
            if self.states[NAMES.index(letter)] != DONE:
                break
        else:
            letter = "A" if self.states[0] != DONE else "B"
        who = NAMES.index(letter)
        if self.states[who] == BLOCKED:
            who = 1 - who
        return who if self.states[who] == PAUSED else -1

    def step(self, who: int) -> None:
        if who >= 0:
            self.letters += NAMES[who]
            self.lines[who].send("go")
            self.states[who] = ""
            self.await_news(who)
        for other in range(2):
            if self.states[other] == BLOCKED:
                self.await_news(other)

    def await_news(self, who: int) -> None:
        """Wait until the process stops, ends, or is seen to wait for the other."""
        deadline = time.monotonic() + PATIENCE
        while not self.lines[who].poll(GLANCE):
            if self.is_blocked(who):
                self.states[who] = BLOCKED
                return
            assert time.monotonic() < deadline, f"{NAMES[who]} never came back: {self.letters}"
        news = self.lines[who].recv()
        if isinstance(news, Outcome):
            self.outcomes[who], self.states[who] = news, DONE
        else:
            self.states[who] = PAUSED

    def is_blocked(self, who: int) -> bool:
        found = self.watcher.execute(
            "SELECT %s = ANY(pg_blocking_pids(%s))", [self.pids[1 - who], self.pids[who]]
        )
        return bool(found.fetchone()[0])  # type: ignore[index]


def step_by_step(line: Connection, database: str) -> None:
    """Be one of the two until nobody has a turn for us any more."""
    play_in(database)
    from django.db import connection

    line.send("ready")
    while (turn := line.recv()) is not None:
        connection.ensure_connection()
        line.send(connection.connection.info.backend_pid)
        with stopping(line, connection):
            outcome = done(turn)
        line.send(outcome)


@contextmanager
def stopping(line: Connection, connection: Any) -> Iterator[None]:
    """Stop before each statement and before COMMIT until told to go on."""

    def stop() -> None:
        line.send("stopped")
        line.recv()

    def before(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(UNSTOPPED):
            stop()
        return execute(sql, parameters, many, context)

    commit = connection._commit

    def stopped_commit() -> Any:
        stop()
        return commit()

    with connection.execute_wrapper(before), patch.object(connection, "_commit", stopped_commit):
        yield
