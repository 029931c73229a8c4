"""Two processes that take their SQL statements in turn, as a schedule of letters says: `AAABBBA`.

Each stops before every statement and before COMMIT until it is told to go on. Who waits for the other's lock is
seen from a third connection through pg_blocking_pids(); then the other goes on. Nobody sleeps to be lucky, and the
letters that were really taken play the same duel again.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

import psycopg

from tests.races.players import Outcome, Turn, done, forked_from_one, play_in

PATIENCE = 20  # seconds for one statement, a deadlock that PostgreSQL resolves included
GLANCE, LONGEST_GLANCE = 0.003, 0.02  # seconds between two looks at a statement that has not come back
TO_THE_END = 1_000  # statements
PAUSED, BLOCKED, DONE = "paused", "blocked", "done"
NAMES = "AB"
UNSTOPPED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Duel:
    def __init__(self, database: str, url: str) -> None:
        context = forked_from_one()
        self.watcher = psycopg.connect(url, autocommit=True)
        self.lines: list[Connection] = []
        self.leave = [context.RawValue("i") for _name in NAMES]  # statements that need not be asked for
        self.processes = []
        for left in self.leave:
            ours, theirs = context.Pipe()
            process = context.Process(target=step_by_step, args=(theirs, database, left), daemon=True)
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
        letters = list(wanted)
        try:
            while self.states != [DONE, DONE]:
                who, many = self.next_of(letters)
                letters[:0] = NAMES[who] * self.step(who, many)
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

    def next_of(self, letters: list[str]) -> tuple[int, int]:
        """Return whose statements are next, and how many; -1 when both can only wait for PostgreSQL.

        As long as one waits for the other, each statement is a step of its own: it may be what the other waits for.
        """
        while letters and self.states[NAMES.index(letters[0])] == DONE:
            letters.pop(0)
        letter = letters[0] if letters else ("A" if self.states[0] != DONE else "B")
        who = NAMES.index(letter)
        run = next((n for n, one in enumerate(letters) if one != letter), len(letters)) or TO_THE_END
        many = 1 if BLOCKED in self.states else run
        del letters[:many]
        if self.states[who] == BLOCKED:
            who = 1 - who
        return (who if self.states[who] == PAUSED else -1), many

    def step(self, who: int, many: int) -> int:
        """Let one take so many statements, unless it has to wait for the other; return how many it did not take."""
        left = 0
        if who >= 0:
            self.leave[who].value = many - 1
            self.lines[who].send("go")
            self.states[who] = ""
            self.await_news(who)
            left, self.leave[who].value = self.leave[who].value, 0
            self.letters += NAMES[who] * (many - left)
        for other in range(2):
            if self.states[other] == BLOCKED:
                self.await_news(other)
        return left if self.states[who] == BLOCKED else 0

    def await_news(self, who: int) -> None:
        """Wait until the process stops, ends, or is seen to wait for the other."""
        deadline = time.monotonic() + PATIENCE
        glance = GLANCE if self.holds_locks(1 - who) else PATIENCE
        while not self.lines[who].poll(glance):
            glance = min(2 * glance, LONGEST_GLANCE)
            if self.is_blocked(who):
                self.states[who] = BLOCKED
                return
            assert time.monotonic() < deadline, f"{NAMES[who]} never came back: {self.letters}"
        news = self.lines[who].recv()
        if isinstance(news, Outcome):
            self.outcomes[who], self.states[who] = news, DONE
        else:
            self.states[who] = PAUSED

    def holds_locks(self, who: int) -> bool:
        """Whether it is in the middle of its turn; else nobody can be waiting for it."""
        return NAMES[who] in self.letters and self.states[who] != DONE

    def is_blocked(self, who: int) -> bool:
        found = self.watcher.execute(
            "SELECT %s = ANY(pg_blocking_pids(%s))", [self.pids[1 - who], self.pids[who]]
        )
        return bool(found.fetchone()[0])  # type: ignore[index]


def step_by_step(line: Connection, database: str, leave: Any) -> None:
    """Be one of the two until nobody has a turn for us any more."""
    play_in(database)
    from django.db import connection

    line.send("ready")
    while (turn := line.recv()) is not None:
        connection.ensure_connection()
        line.send(connection.connection.info.backend_pid)
        with stopping(line, connection, leave):
            outcome = done(turn)
        line.send(outcome)


@contextmanager
def stopping(line: Connection, connection: Any, leave: Any) -> Iterator[None]:
    """Stop before each statement and before COMMIT until told to go on, for some without asking for each."""

    def stop() -> None:
        if leave.value:
            leave.value -= 1
            return
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
