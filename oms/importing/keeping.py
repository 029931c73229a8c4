"""Uploads kept until they are imported, under names of our own."""

import hashlib
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from oms.importing.problems import refuse
from oms.importing.resource import Upload

FOLDER = "imports"
JOBS = "imports/jobs"
CONFIRM_WITHIN = timedelta(hours=1)
KEPT_FOR_JOBS = timedelta(days=30)


def keep(file: "File[Any]", encoding: str, folder: str = FOLDER) -> dict[str, Any]:
    """Store an upload under a name of our own until it is confirmed; return what finds it again."""
    forget_old(FOLDER, 2 * CONFIRM_WITHIN)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    stored = default_storage.save(f"{folder}/{uuid4().hex}", file)
    return {"stored": stored, "name": file.name or "", "sha256": digest.hexdigest(), "encoding": encoding}


class fetched:  # noqa: N801  reads as a clause: with fetched(kept) as upload
    """A kept upload as a file of its own, for as long as the block runs. Raise FileRefused when it is gone."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self.kept = kept
        self.file = NamedTemporaryFile(prefix="oms-import-")  # noqa: SIM115  closed on exit

    def __enter__(self) -> Upload:
        if not default_storage.exists(self.kept["stored"]):
            self.file.close()
            raise refuse(_("The file was imported or cleared away meanwhile."), _("Choose it again."))
        digest = hashlib.sha256()
        with default_storage.open(self.kept["stored"]) as stored:
            for chunk in stored.chunks():
                digest.update(chunk)
                self.file.write(chunk)
        self.file.flush()
        if digest.hexdigest() != self.kept["sha256"]:
            self.file.close()
            raise refuse(_("The file is not the one that was looked through."), _("Choose it again."))
        return Upload(Path(self.file.name), name=self.kept["name"], encoding=self.kept["encoding"])

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def forget(stored: str) -> None:
    if stored:
        default_storage.delete(stored)


def forget_old(folder: str, kept_for: timedelta) -> None:
    """Clear away what nobody confirmed in time."""
    if not default_storage.exists(folder):
        return
    before = timezone.now() - kept_for
    for name in default_storage.listdir(folder)[1]:
        stored = f"{folder}/{name}"
        if default_storage.get_modified_time(stored) < before:
            default_storage.delete(stored)
