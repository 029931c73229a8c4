"""A child the house can do without for a moment: whenever it ends by itself it is started again, after a pause."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from oms.machine.children import Child, Family

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds
LONG_ENOUGH = 60.0  # seconds alive, after which the next pause is short again


@dataclass
class Kept:
    family: Family
    start: Callable[[], Child]
    pause: float = FIRST_PAUSE

    def __post_init__(self) -> None:
        self.child: Child | None = None
        self.start_at = 0.0

    def tend(self) -> None:
        """Leave it running, or due to be started; never wait. Says in one line when it had ended."""
        now = time.monotonic()
        if self.child is None and now >= self.start_at:
            self.child, self.started_at = self.start(), now
        elif self.child and self.child.has_ended:
            self.wait_a_moment(self.child, now)

    def wait_a_moment(self, child: Child, now: float) -> None:
        """Clear away what is left of a child that ended, and say when it comes again."""
        self.family.bury(child)
        self.child = None
        pause = FIRST_PAUSE if now - self.started_at >= LONG_ENOUGH else self.pause
        self.start_at, self.pause = now + pause, min(pause * 2, LONGEST_PAUSE)
        code = child.process.returncode
        print(
            f"The {child.name} ended by itself (code {code}); it starts again in {pause:.0f} s.", flush=True
        )
