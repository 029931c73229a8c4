"""How far a piece of work is: told by whatever goes through rows, heard by whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Hear = Callable[[str, int, int], None]  # the step, rows done, rows of all (0: not known yet)
T = TypeVar("T")

EVERY = 500  # rows
_hears: ContextVar[Hear | None] = ContextVar("hears", default=None)


@contextmanager
def heard_by(hear: Hear) -> Iterator[None]:
    """Tell `hear` how far the work of this block is. What it raises breaks the work off."""
    token = _hears.set(hear)
    try:
        yield
    finally:
        _hears.reset(token)


def tell(step: str, done: int, total: int = 0) -> None:
    """Say how far a step is; nobody may be listening."""
    if hear := _hears.get():
        hear(step, done, total)


def told_of(step: str, rows: Iterable[T]) -> Iterator[T]:
    """Pass the rows on, saying now and then how many have gone by."""
    total = len(rows) if isinstance(rows, Sequence) else 0
    done = 0
    for done, row in enumerate(rows, start=1):
        if done % EVERY == 1:
            tell(step, done - 1, total)
        yield row
    tell(step, done, total or done)
