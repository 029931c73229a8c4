"""The documents of a quote or an order: made when asked for, downloaded as they went out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from oms.downloads import as_download
from oms.errors import Refused
from oms.models import User
from orders.models import IssuedDocument, Order, Quote
from orders.services.issuing import issue_confirmation, issue_proforma, issue_quote
from orders.status import OrderStatus, PaperKind, QuoteStatus
from orders.views.kinds import Kind, StaffRequest

PDF = "application/pdf"
ISSUE = {
    PaperKind.QUOTE.value: ("quote", issue_quote),
    PaperKind.CONFIRMATION.value: ("order", issue_confirmation),
    PaperKind.PROFORMA.value: ("order", issue_proforma),
}
CONFIRMED = {OrderStatus.CONFIRMED, OrderStatus.RELEASED, OrderStatus.COMPLETED, OrderStatus.CLOSED}


def download(request: StaffRequest, kind: Kind, number: str, pk: int) -> HttpResponse:
    """Send a document exactly as it was made."""
    if not request.user.has_perm("orders.view_issueddocument"):
        raise PermissionDenied
    document = kind.find(request, number)
    papers = IssuedDocument.objects.visible_to(request.user).of(document).defer(None)
    paper = get_object_or_404(papers, pk=pk)
    return as_download(bytes(paper.content), paper.file_name, PDF)


def issue(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Make a document and come back; what is there already is not made again."""
    if not request.user.has_perm("orders.add_issueddocument"):
        raise PermissionDenied
    document = kind.find(request, number)
    name, make = ISSUE.get(request.POST.get("kind", ""), ("", None))
    if make is None or name != kind.name:
        raise Http404
    try:
        paper = make(document.pk, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(paper)s is among the documents.") % {"paper": paper})
    return HttpResponseRedirect(kind.url("change", document.pk) + "#documents")


def papers_of(document: Order | Quote, kind: Kind, user: User) -> dict[str, Any]:
    """Return what the page of a document says about its papers."""
    return {
        "may_see_papers": user.has_perm("orders.view_issueddocument"),
        "papers": [
            (paper, kind.url("paper", document.number, paper.pk))
            for paper in IssuedDocument.objects.visible_to(user).of(document)
        ],
        "issue_url": kind.url("issue", document.number),
        "issues": _issues(document) if user.has_perm("orders.add_issueddocument") else [],
    }


def _issues(document: Order | Quote) -> list[PaperKind]:
    """Return which papers can be made of the document as it stands."""
    if isinstance(document, Quote):
        return [] if document.status in (QuoteStatus.DRAFT, QuoteStatus.WAITING) else [PaperKind.QUOTE]
    confirmed = [PaperKind.CONFIRMATION] if document.status in CONFIRMED else []
    return [] if document.status == OrderStatus.CANCELLED else [*confirmed, PaperKind.PROFORMA]
