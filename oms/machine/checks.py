"""What must be so before anything starts; each refusal names the remedy."""

import os
import shutil
import socket
from pathlib import Path

from oms.machine.errors import CannotRun

DEFAULT_PORT = 8000
NEEDED_MB = 100
LOOPBACK = "127.0.0.1"

Address = tuple[str, int]


def wanted_port() -> int:
    """The port of `PORT`, else the default one. Raise CannotRun when it is no port."""
    text = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise CannotRun(
            f"PORT is {text!r}, which is no port: give a number from 1 to 65535, such as PORT=8001."
        )
    return int(text)


def local_addresses(port: int) -> list[Address]:
    """Every address that a browser may try for localhost."""
    try:
        found = socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)
    except OSError:
        return [(LOOPBACK, port)]
    return sorted(
        {(str(address[0]), port) for *_, address in found if can_bind(str(address[0]))} | {(LOOPBACK, port)}
    )


def can_bind(host: str) -> bool:
    """Whether this machine has the address at all; a container often lacks ::1 that its hosts file names."""
    try:
        bound(host, 0).close()
    except OSError:
        return False
    return True


def require_free(addresses: list[Address]) -> None:
    for host, port in addresses:
        try:
            bound(host, port).close()
        except PermissionError:
            raise CannotRun(
                f"Port {port} is for root only: choose one above 1023, such as PORT=8000."
            ) from None
        except OSError:
            raise CannotRun(
                f"Port {port} is taken by another program: end that, or choose another port: PORT={port + 1} make run."
            ) from None


def bound(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1)
    except OSError:
        listener.close()
        raise
    return listener


def require_space(folder: Path, needed_mb: int = NEEDED_MB) -> None:
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < needed_mb:
        raise CannotRun(
            f"The disk that holds {folder} is full ({free_mb} MB free, {needed_mb} MB needed):"
            " free some space there and run this again."
        )
