"""Files that people send us are judged by what is in them; their names are only shown."""

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from oms.errors import Refused
from oms.importing.problems import FileRefused
from oms.importing.xlsx_sheets import require_harmless
from oms.text import clean

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_NAME = 150
PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STARTS = {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG, b"PK\x03\x04": XLSX}
ENDINGS = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg"), XLSX: (".xlsx",)}
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # no file on Windows is called so


class UploadRefused(Refused):
    """The file is not taken; nothing of it is kept."""

    code = "upload_refused"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was looked at: a name to show, what it is, and its bytes."""

    name: str
    media_type: str
    content: bytes


def read_upload(file: "UploadedFile[Any]") -> Upload:
    """Return what somebody sent. Raise UploadRefused for what is empty, too large, of no known kind or harmful."""
    name = shown_name(file.name or "")
    if not file.size:
        raise UploadRefused(_("“%(name)s” is empty. Choose the file again.") % {"name": name})
    if file.size > MOST_BYTES:
        raise UploadRefused(
            _(
                "“%(name)s” has %(mb)s MB; up to 10 MB are taken. Send it smaller, as a PDF or a photo of less size."
            )
            % {"name": name, "mb": file.size // (1024 * 1024)}
        )
    content = file.read()
    media_type = _kind_of(content)
    if media_type is None or not name.lower().endswith(ENDINGS[media_type]):
        raise UploadRefused(
            _("“%(name)s” is not taken: send a PDF, PNG, JPEG or XLSX with its own ending.") % {"name": name}
        )
    _require_harmless(name, media_type, content)
    return Upload(name, media_type, content)


def _kind_of(content: bytes) -> str | None:
    return next((kind for start, kind in STARTS.items() if content.startswith(start)), None)


def shown_name(name: str) -> str:
    """Return a name that is safe to show and to save under: no folders, nothing invisible, its ending kept."""
    last = FORBIDDEN.sub("_", clean(name.replace("\\", "/").rpartition("/")[2])).strip(". ")
    if DEVICES.match(last):
        last = f"_{last}"
    path = PurePosixPath(last or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix[:20])] + path.suffix[:20]


def _require_harmless(name: str, media_type: str, content: bytes) -> None:
    try:
        if media_type == XLSX:
            require_harmless(BytesIO(content))
        elif media_type in (PNG, JPEG):
            _require_picture(content)
    except (
        FileRefused,
        ValueError,
        OSError,
        SyntaxError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
    ):
        raise UploadRefused(
            _("“%(name)s” cannot be read or unpacks to too much. Open it, save it again and send that file.")
            % {"name": name}
        ) from None


def _require_picture(content: bytes) -> None:
    with Image.open(BytesIO(content), formats=["PNG", "JPEG"]) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise ValueError(width * height)
        image.verify()
