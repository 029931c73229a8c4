"""Files and internal notes on the page of a quote or an order."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from oms.downloads import as_download
from oms.errors import Refused
from oms.models import User
from oms.uploads import ENDINGS, read_upload
from orders.forms import NoteForm
from orders.models import Attachment, InternalNote, Order, Quote
from orders.services.attaching import attach, read_attachment, write_note
from orders.views.kinds import Kind, StaffRequest


def add_file(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Keep a file beside the document and come back."""
    document = _document(request, kind, number, "add_attachment")
    file, place = request.FILES.get("file"), ""  # what was refused is told on top of the page
    try:
        if file is None:
            messages.error(request, _("Choose a file first."))
        else:
            kept = attach(document, read_upload(file), by=request.user)
            messages.success(request, _("“%(name)s” is attached.") % {"name": kept.name})
            place = "#files"
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(kind.url("change", document.pk) + place)


def download_file(request: StaffRequest, kind: Kind, number: str, pk: int) -> HttpResponse:
    """Send a file to be saved, to who may see its document."""
    document = _document(request, kind, number, "view_attachment")
    found = get_object_or_404(Attachment.objects.visible_to(request.user).of(document), pk=pk)
    content = read_attachment(found)
    if content is None:
        raise Http404
    return as_download(content, found.name, found.media_type)


def add_note(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Write a note that no customer sees, and come back."""
    document = _document(request, kind, number, "add_internalnote")
    form = NoteForm(request.POST)
    if form.is_valid():
        write_note(document, form.cleaned_data["text"], by=request.user)
        return HttpResponseRedirect(kind.url("change", document.pk) + "#notes")
    messages.error(request, _("A note has 1 to 2,000 characters."))
    return HttpResponseRedirect(kind.url("change", document.pk))


def _document(request: StaffRequest, kind: Kind, number: str, right: str) -> Any:
    if not request.user.has_perm(f"orders.{right}"):
        raise PermissionDenied
    return kind.find(request, number)


def besides(document: Order | Quote, kind: Kind, user: User) -> dict[str, Any]:
    """Return what the page of a document shows of its files and notes."""
    number = document.number
    files = Attachment.objects.visible_to(user).of(document)
    return {
        **shown_beside(user, kind, document, files, InternalNote.objects.visible_to(user).of(document)),
        "add_file_url": kind.url("add_file", number) if user.has_perm("orders.add_attachment") else "",
        "add_note_url": kind.url("add_note", number) if user.has_perm("orders.add_internalnote") else "",
        "file_endings": ",".join(one for endings in ENDINGS.values() for one in endings),
    }


def shown_beside(
    user: User, kind: Kind, document: Order | Quote, files: Iterable[Any], notes: Iterable[Any]
) -> dict[str, Any]:
    """Return files and notes that the user may see as the template of them wants them."""
    return {
        "files": [(file, kind.url("file", document.number, file.pk)) for file in files],
        "notes": notes,
        "may_see_files": user.has_perm("orders.view_attachment"),
        "may_see_notes": user.has_perm("orders.view_internalnote"),
    }
