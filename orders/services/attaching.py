"""Files and notes beside quotes and orders."""

from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.models import User
from oms.uploads import Upload
from orders.models import Attachment, InternalNote, Order, Quote

FOLDER = "attachments"
MOST = 50  # files of one document


class TooMany(Refused):
    """There is no room for another file beside the document."""

    code = "too_many"


def attach(document: Order | Quote, upload: Upload, *, by: User | None) -> Attachment:
    """Keep a file beside the document, under a name that nobody can guess; the same file once."""
    beside = Attachment.objects.of(document)
    digest = sha256(upload.content).hexdigest()
    if found := beside.filter(sha256=digest, name=upload.name).first():
        return _attachment(found)
    if beside.count() >= MOST:
        raise TooMany(
            _("%(document)s has %(most)s files already. Put several into one.")
            % {"document": document, "most": MOST}
        )
    path = default_storage.save(f"{FOLDER}/{token_hex(16)}", ContentFile(upload.content))
    try:
        return Attachment.objects.create(
            **_beside(document),
            name=upload.name,
            media_type=upload.media_type,
            size=len(upload.content),
            sha256=digest,
            path=path,
            by=by,
        )
    except BaseException:
        default_storage.delete(path)
        raise


def _attachment(found: Any) -> Attachment:
    assert isinstance(found, Attachment)  # noqa: S101  the queryset is of this table
    return found


def read_attachment(attachment: Attachment) -> bytes | None:
    """Return the file exactly as it came; None when it is lost or is not what came."""
    try:
        with default_storage.open(attachment.path, "rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        return None
    return content if sha256(content).hexdigest() == attachment.sha256 else None


def write_note(document: Order | Quote, text: str, *, by: User | None) -> InternalNote:
    """Say something to ourselves about the document."""
    return InternalNote.objects.create(**_beside(document), text=text, by=by)


def _beside(document: Order | Quote) -> dict[str, Order | Quote]:
    return {"order" if isinstance(document, Order) else "quote": document}
