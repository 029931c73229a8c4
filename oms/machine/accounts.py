"""Whom the embedded server runs as. PostgreSQL refuses to be root, so root lends it an account that exists already."""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oms.machine.errors import CannotRun

NAMES = ("postgres", "nobody")
LOCALE = "C" if sys.platform == "darwin" else "C.UTF-8"  # macOS has no C.UTF-8 to start a server in


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, *command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as this account and return what it said."""
        how = {"input": "", **self.options(), **options}
        return subprocess.run(command, **how, capture_output=True, text=True, check=False)

    def start(self, *command: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start a program as this account, out of reach of the terminal's Ctrl-C."""
        how = {"stdin": subprocess.DEVNULL, **self.options(), **options}
        return subprocess.Popen(command, **how, start_new_session=True)

    def options(self) -> dict[str, Any]:
        environment = {**os.environ, "LC_ALL": LOCALE, "TZ": "UTC"}
        us: dict[str, Any] = {"cwd": "/", "env": environment}
        return us if self.is_us else us | {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> Path:
        """Leave the path in this account's hands."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid)
        return path

    def can_enter(self, folder: Path) -> bool:
        return self.is_us or self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0

    def can_run(self, program: Path) -> bool:
        """Whether the program really starts: its folders open, its libraries found."""
        try:
            return self.run(program, "--version").returncode == 0
        except PermissionError:
            return False


def us() -> Account:
    return Account(os.geteuid(), os.getegid())


def for_server() -> Account:
    """Ourselves; for root the first account of NAMES. Raise CannotRun when there is none."""
    return us() if os.geteuid() else borrowed()


def borrowed() -> Account:
    for name in NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise CannotRun(
        "PostgreSQL cannot run as root here: there is no account named postgres or nobody; run this as a normal user."
    )


def owner_of(path: Path) -> Account | None:
    """Who owns the path, when it is there and root could act as them."""
    if os.geteuid() or not path.exists():
        return None
    found = path.stat()
    return Account(found.st_uid, found.st_gid) if found.st_uid else None
