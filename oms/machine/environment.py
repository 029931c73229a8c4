"""Makes `.venv` from `requirements.lock`. Runs before anything is installed, so it imports nothing of ours.

Run it with the Python that `python.sh` found: it leaves `.venv` exactly as the lock file says, and does nothing when
it is that already. Whatever stands in the way is one sentence on stderr and exit code 1.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements.lock"
STAMP = VENV / "installed.txt"
NEEDED_MB = 700
MISLEADING = (
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONPATH",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "__PYVENV_LAUNCHER__",
)
NO_SPACE = "No space left on device"


def main() -> None:
    require_own()
    try:
        with open(folder() / "lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_installed():
                require_space()
                install()
    except OSError as error:
        sys.exit(sentence(error))
    except KeyboardInterrupt:
        sys.exit(130)


def require_own() -> None:
    """Refuse an environment that is linked from elsewhere: it is another checkout's, and would be made ours."""
    for path in (VENV, *VENV.glob("*")):
        if path.is_symlink() and not path.resolve().is_relative_to(VENV):
            sys.exit(
                f"{path} is a link to {path.readlink()}, which belongs elsewhere and is left as it is:"
                f" remove the link (rm {path}) and run this again."
            )


def folder() -> Path:
    VENV.mkdir(exist_ok=True)
    return VENV


def sentence(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return full()
    return (
        f"{error.filename or CHECKOUT} cannot be written ({error.strerror}):"
        " make the checkout writable, or run this as the account that owns it."
    )


def full() -> str:
    return f"The disk that holds {CHECKOUT} is full: free {NEEDED_MB} MB there and run this again."


def is_installed() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def wanted() -> str:
    """What the stamp says when all is as it should be; a moved checkout or another Python is a new environment."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{lock} {sys.version_info[:2]} of {sys.base_prefix} {VENV}\n"


def require_space() -> None:
    if shutil.disk_usage(VENV).free < NEEDED_MB * 2**20:
        sys.exit(full())


def install() -> None:
    print("Installing what requirements.lock lists into .venv ...", flush=True)
    STAMP.unlink(missing_ok=True)
    for link in PYTHON.parent.glob("python*"):
        link.unlink()  # venv leaves what is there, so also the links to another Python
    uv = shutil.which("uv")
    run(make_command(uv))
    run(uv_command(uv) if uv else PIP_COMMAND)
    STAMP.write_text(wanted())


def make_command(uv: str | None) -> list[str]:
    """Make the environment anew, or around what an interrupted install left. uv needs no pip in it."""
    if not uv:
        require_pip()
    return [sys.executable, "-m", "venv", *(["--without-pip"] if uv else []), str(VENV)]


def require_pip() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Python's venv is missing: install the package {version}-venv (or python3-venv), or uv.")


def uv_command(uv: str) -> list[str]:
    return [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(PYTHON), str(LOCK)]


PIP_COMMAND = [
    str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes",
    "--requirement", str(LOCK),
]  # fmt: skip


def run(command: list[str]) -> None:
    """Run it; show what it said only when it failed."""
    environment = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = done.stdout + done.stderr
    if NO_SPACE in said:
        sys.exit(full())
    print(said, file=sys.stderr)
    sys.exit(f"Making .venv failed at `{' '.join(command[:4])}`; the reason stands above.")


if __name__ == "__main__":
    main()
