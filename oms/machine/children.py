"""The programs beside the supervisor, in process groups of their own: Ctrl-C reaches the supervisor alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from oms.machine.places import CHECKOUT

PATIENCE = 15.0  # seconds to finish the work in hand


@dataclass(frozen=True)
class Child:
    name: str
    process: "subprocess.Popen[bytes]"
    needed: bool = True  # the others cannot go on without it

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if not self.has_ended:
            self.process.terminate()

    def wait_or_kill(self, until: float) -> None:
        """Return when it has ended, after `until` by force, and nothing that it started is left."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        self.kill_group()
        self.process.wait()

    def kill_group(self) -> None:
        """End what is left of its group by force; macOS says PermissionError when only the dead are left."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Family:
    """All children of one run. They end when told to, and when we are killed: then their pipe from us closes.

    Each keeps `lock` open, so that the next run knows while any of them is still there.
    """

    lock: IO[str]
    children: list[Child] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pipe, self.our_end = os.pipe()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        stdout: IO[bytes] | None = None,
        needed: bool = True,
        **environment: str,
    ) -> Child:
        """Start a Python module by its name and arguments."""
        process = subprocess.Popen(
            [sys.executable, "-m", "oms.machine.child", str(self.pipe), *command],
            cwd=CHECKOUT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "oms.settings", **environment},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            pass_fds=(self.pipe, self.lock.fileno()),
            process_group=0,
        )
        self.children.append(Child(name, process, needed))
        return self.children[-1]

    def ended(self) -> Child | None:
        """The first child that ended by itself and without which nothing goes on."""
        return next((child for child in self.children if child.needed and child.has_ended), None)

    def bury(self, child: Child) -> None:
        """Forget a child that ended, and end all that it started."""
        child.kill_group()
        self.children.remove(child)

    def stop(self) -> None:
        """Leave none of them running."""
        for child in self.children:
            child.ask_to_stop()
        until = time.monotonic() + PATIENCE
        for child in self.children:
            child.wait_or_kill(until)
