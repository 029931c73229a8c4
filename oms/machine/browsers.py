"""The Chromium that the browser tests drive: found, else fetched as the platform allows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

# The one without windows comes first: it draws the same and takes a quarter less of the processor.
PROGRAMS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FETCHED = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
MISSING = (
    "no Chromium on this machine: install the package chromium, or name one with CHROMIUM=/path/to/chromium"
)
TIME_TO_FETCH = 600  # seconds


def find() -> str | None:
    """The program to drive: the one of `CHROMIUM`, else the first installed one."""
    if wanted := os.environ.get("CHROMIUM"):
        return shutil.which(wanted)
    return next(installed(), None)


def installed() -> Iterator[str]:
    yield from filter(None, map(shutil.which, PROGRAMS))
    yield from (path for path in APPLICATIONS if os.access(path, os.X_OK))
    yield from (str(path) for pattern in FETCHED for path in sorted(fetched_folder().glob(pattern)))


def fetched_folder() -> Path:
    """Where Playwright keeps the browsers that it fetched."""
    cache = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / cache / "ms-playwright")


def provide() -> None:
    """Leave a Chromium installed where that can be had, and say in one line what was done."""
    print(f"Browser tests: {outcome()}.", flush=True)


def outcome() -> str:
    if found := find():
        return f"with {found}"
    if os.environ.get("CHROMIUM"):
        return f"skipped, for CHROMIUM={os.environ['CHROMIUM']} is no program"
    for name, fetch in WAYS.items():
        if fetch() and (found := find()):
            return f"with {found}, fetched by {name}"
    return f"skipped, {MISSING}"


def fetch_with_playwright() -> bool:
    return succeeds(sys.executable, "-m", "playwright", "install", "chromium")


def fetch_with_apt() -> bool:
    """Install Debian's package; only root can."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    packages = ("chromium", "fonts-dejavu-core")
    return succeeds("apt-get", "update") and succeeds(
        "apt-get", "install", "--yes", "--no-install-recommends", *packages
    )


def succeeds(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIME_TO_FETCH,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


WAYS: dict[str, Callable[[], bool]] = {
    "`playwright install chromium`": fetch_with_playwright,
    "`apt-get install chromium`": fetch_with_apt,
}
