"""Where this checkout keeps what it makes: everything below one folder that git ignores."""

import os
from pathlib import Path

from oms.machine.errors import in_plain_words, not_writable

CHECKOUT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """The folder for data, locks and spools: `OMS_VAR`, else `var` in the checkout."""
    return Path(os.environ.get("OMS_VAR") or CHECKOUT / "var").resolve()


def make(folder: Path) -> Path:
    """Leave the folder there, for us to write and for nobody to list. Raise CannotRun when that is not to be had."""
    with in_plain_words(folder):
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise not_writable(folder)
    return folder


def broker_folders() -> dict[str, str]:
    """The spool of the broker that needs no server: its folders, there to be used, by kombu's option names."""
    queue, control = make(var() / "broker" / "queue"), make(var() / "broker" / "control")
    return {"data_folder_in": str(queue), "data_folder_out": str(queue), "control_folder": str(control)}
