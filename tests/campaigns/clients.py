"""Clients of a server that is killed under them: each writes down what it is about to send, and what was answered.

Its file is flushed to the disk after every line, so that it is right whoever dies. After a failure the client does
not guess: it asks again with the same key until it is answered.
"""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SENT, ACKNOWLEDGED = "sent", "acked"
BREATH = 0.02  # seconds between two tries while the server is away


def write_down(file: Any, word: str, key: str) -> None:
    file.write(f"{word} {key}\n")
    file.flush()
    os.fsync(file.fileno())


def be_at(url: str) -> None:
    """Let this process have the database at this address. None was asked for anything before."""
    os.environ["DATABASE_URL"] = url
    from tests.races.players import play_in

    play_in(url.partition("?")[0].rpartition("/")[2])
    from oms import settings

    settings.DATABASES["default"].update(settings.database())


def open_shop(url: str) -> None:
    be_at(url)
    from tests.campaigns.requests import a_shop

    a_shop()


def ask_once(url: str, key: str, quantity: int) -> None:
    """Receive so much, once."""
    be_at(url)
    from tests.campaigns.requests import received

    received(key, quantity)


def prove(url: str, answer: Any) -> None:
    """Answer what verify finds."""
    be_at(url)
    from oms.verify import verify

    answer.send(list(map(str, verify())))


def work(url: str, log: Path, name: str, seed: int, synchronous: bool, stop: Any) -> None:
    """Receive and promise stock, one idempotent request after the other, until told to stop."""
    be_at(url)
    from django.db import connection, connections

    if not synchronous:
        connections.settings["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"
    from tests.campaigns.requests import received

    dice = random.Random(seed)
    with open(log, "a") as file:
        n = 0
        while not stop.is_set():
            n += 1
            key = f"{name}-{n}"
            write_down(file, SENT, key)
            if until_answered(lambda key=key: received(key, dice.randint(1, 5)), connection, stop):
                write_down(file, ACKNOWLEDGED, key)


def until_answered(ask: Callable[[], Any], connection: Any, stop: Any) -> bool:
    """Ask, and ask again with the same key when the connection broke; return whether an answer came."""
    from django.db import DatabaseError, InterfaceError

    while True:
        try:
            ask()
            return True
        except (DatabaseError, InterfaceError):
            connection.close()
            if stop.is_set():
                return False
            time.sleep(BREATH)


def read_down(logs: list[Path]) -> tuple[set[str], set[str]]:
    """Return the keys that were sent and those that were acknowledged."""
    words = [line.split() for log in logs for line in log.read_text().splitlines()]
    return (
        {key for word, key in words if word == SENT},
        {key for word, key in words if word == ACKNOWLEDGED},
    )
