"""The key that signs sessions and links, made once per checkout when none is configured."""

import contextlib
import os
import secrets
from pathlib import Path

from oms.machine import places
from oms.machine.errors import in_plain_words


def secret_key() -> str:
    """The same key for every process of this checkout, readable by its owner only."""
    kept = places.make(places.var()) / "secret_key"
    with in_plain_words(kept):
        if not kept.exists():
            keep(kept, secrets.token_urlsafe(64))
        return kept.read_text()


def keep(path: Path, text: str) -> None:
    """Write the whole text under its name, or leave what another process wrote there first."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
