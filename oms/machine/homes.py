"""Where a server's files lie: its home and the private folder of its socket."""

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from oms.machine import places
from oms.machine.accounts import Account
from oms.machine.errors import CannotRun, in_plain_words

SYSTEM = Path("/var/lib")
LONGEST_SOCKET = 103  # bytes, on macOS; Linux allows 107
SOCKET_NAME = "/.s.PGSQL.5432"


def home_for(account: Account) -> Path:
    """`var` where the account can enter it; else, for root, a folder of ours that only root could have made."""
    var = places.make(places.var())
    return var if account.can_enter(var) else system_home(var)


def system_home(var: Path) -> Path:
    """A home outside a checkout that other accounts cannot enter. Raise CannotRun when it is not root's."""
    home = SYSTEM / f"oms-{hashlib.sha256(os.fsencode(var)).hexdigest()[:12]}"
    with in_plain_words(home):
        home.mkdir(mode=0o711, exist_ok=True)
    if not belongs_to(home, os.geteuid()):
        raise CannotRun(f"{home} was not made by this account: remove it and run this again.")
    home.chmod(0o711)
    return home


def belongs_to(folder: Path, uid: int) -> bool:
    """A real folder, no link, owned by the account."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid


def record_of(name: str) -> Path:
    return places.var() / f"{name}.socket"


def socket_of(name: str) -> Path:
    """Where clients look for the server, whether it runs or not."""
    try:
        return Path(record_of(name).read_text())
    except FileNotFoundError:
        return places.var() / f"{name}-socket"


def make_socket_folder(name: str, home: Path, account: Account) -> Path:
    """Leave a new folder that only the account can enter, short enough for a socket, and its address in `var`."""
    remove_socket_folder(name)
    near = home / f"{name}-socket"
    folder = make_private(near) if fits(near) else make_short(name, account)
    write_whole(record_of(name), str(account.own(folder)))
    return folder


def make_private(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def make_short(name: str, account: Account) -> Path:
    """A private folder near the root: where only root writes, else one that mkdtemp makes unguessable."""
    if account.is_us:
        return Path(tempfile.mkdtemp(prefix="oms-", dir=short_place()))
    return make_private(system_home(places.var()) / f"{name}-socket")


def short_place() -> str | None:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    return runtime if os.access(runtime, os.W_OK) and fits(Path(runtime, "oms-12345678")) else None


def fits(folder: Path) -> bool:
    """A socket's path is limited in bytes, and libpq takes a comma for the end of a host."""
    path = os.fsencode(str(folder) + SOCKET_NAME)
    return len(path) <= LONGEST_SOCKET and b"," not in path


def remove_socket_folder(name: str) -> None:
    """Leave nothing of it, nor of a home that was made for it alone."""
    folder = socket_of(name)
    shutil.rmtree(folder, ignore_errors=True)
    record_of(name).unlink(missing_ok=True)
    if folder.parent.parent == SYSTEM:
        with suppress(OSError):
            folder.parent.rmdir()


def write_whole(path: Path, text: str) -> None:
    """Replace the file at once: a reader sees the old text or the new."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(text)
    draft.replace(path)
