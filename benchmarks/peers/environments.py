"""The virtual environments of the other systems, made from PyPI when missing."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from oms.machine import places

PACKAGES = {
    "tryton": (
        "trytond[postgresql]~=8.0", "trytond_sale_price_list", "trytond_sale", "trytond_stock", "proteus",
        "psycopg[binary]",
    ),
    "oscar": ("django-oscar~=4.0", "psycopg[binary]", "sorl-thumbnail"),
}  # fmt: skip


def python_of(peer: str) -> Path:
    """Return the Python of the peer's environment, made with uv when it is there, else with venv and pip."""
    folder = places.make(places.var()) / "peers" / peer
    python, whole = folder / "bin" / "python", folder / "whole"
    if not whole.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _make(folder, python, PACKAGES[peer])
        whole.touch()
    return python


def _make(folder: Path, python: Path, packages: tuple[str, ...]) -> None:
    sys.stdout.write(f"Making {folder} from PyPI\n")
    sys.stdout.flush()
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", python, *packages], check=True)
        return
    venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
