"""Rows pasted on the pad or sent as a file are shown as they are understood; nothing is entered here."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oms.errors import Refused
from oms.importing.xlsx_lists import list_of
from oms.text import clean
from oms.uploads import XLSX, read_upload
from orders.pasting import DITTO, LONGEST_PASTE, MOST_ROWS, Layout, Role, Wish
from orders.pasting.cells import LONGEST_CELL, MOST_COLUMNS
from orders.services.drafting import require_draft
from orders.services.pasting import Choices, Confidence, Fix, Judged, Judgement, judge_paste, remember_columns
from orders.services.sheets import sheet_of
from orders.views.kinds import Kind, StaffRequest
from orders.views.wire import flag, mapping, read_json, text_of, texts

DELIMITERS = {
    "\t": gettext_lazy("tabs"), ";": gettext_lazy("semicolons"), ",": gettext_lazy("commas"), "|": "|",
    "  ": gettext_lazy("blanks"), "": gettext_lazy("nothing: lines of words"),
}  # fmt: skip
ROLES = {
    Role.CODE: gettext_lazy("product"), Role.QUANTITY: gettext_lazy("quantity"), Role.UNIT: gettext_lazy("unit"),
    Role.PRICE: gettext_lazy("price"), Role.DISCOUNT: gettext_lazy("discount %"),
    Role.NOTHING: gettext_lazy("not used"),
}  # fmt: skip
DECIMALS = {".": "1,200.50", ",": "1.200,50"}
MARKS = {Confidence.EXACT: "●", Confidence.NEAR: "▲", Confidence.UNKNOWN: "✖"}
MOST_FIXES = MOST_ROWS
MOST_ASIDE = 50
KEYS = {"text", "delimiter", "header", "roles", "decimal", "merge", "listed", "fixes"}


def show(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer with what the pasted rows mean, to be looked at; the draft stays as it is."""
    document = kind.find(request, number)
    kind.require(request, "change")
    text, choices = _read(request.body)
    try:
        require_draft(document)
        judged = judge_paste(sheet_of(document), text, choices, by=request.user)
    except (Refused, ValueError) as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    return JsonResponse(
        {
            "html": render_to_string(
                "orders/_paste.html", {**_shown(judged, choices), "currency": document.currency}
            ),
            "rows": [_told(one) for one in judged.rows if one.entry or not (choices.merge and one.repeats)],
            "columns": _columns(judged),
        }
    )


def _read(body: bytes) -> tuple[str, Choices]:
    """Return what was pasted and how it shall be read; raise BadRequest for anything else."""
    data = mapping(read_json(body), KEYS)
    roles = data["roles"]
    wish = Wish(
        delimiter=None if data["delimiter"] is None else text_of(data["delimiter"]),
        has_header=None if data["header"] is None else flag(data["header"]),
        roles=None if roles is None else tuple(_role(role) for role in texts(roles)),
        decimal=None if data["decimal"] is None else text_of(data["decimal"]),
    )
    text = text_of(data["text"], most=2 * LONGEST_PASTE)
    return text, Choices(wish, flag(data["merge"]), flag(data["listed"]), _fixes(data["fixes"]))


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise BadRequest("expected the role of a column") from None


def _fixes(data: Any) -> dict[str, Fix]:
    if not isinstance(data, list) or len(data) > MOST_FIXES:
        raise BadRequest("fixes is a list")
    found = [mapping(fix, {"row", "code", "quantity"}) for fix in data]
    return {
        text_of(fix["row"]): Fix(clean(text_of(fix["code"])), clean(text_of(fix["quantity"])))
        for fix in found
    }


def _shown(judged: Judgement, choices: Choices) -> dict[str, Any]:
    ready = sum(1 for one in judged.rows if one.entry)
    joined = judged.repeated if choices.merge else 0
    columns = list(zip(_headings(judged), judged.layout.roles, strict=True))
    return {
        "judged": judged,
        "rows": [(one, MARKS.get(one.confidence, "○")) for one in judged.rows],
        "ready": ready,
        "open": len(judged.rows) - ready - joined,
        "merge": choices.merge,
        "listed": choices.listed,
        "columns": columns,
        "roles": ROLES.items(),
        "delimiters": DELIMITERS.items(),
        "decimals": DECIMALS.items(),
        "aside": judged.aside[:MOST_ASIDE],
        "more_aside": max(0, len(judged.aside) - MOST_ASIDE),
    }


def _headings(judged: Judgement) -> list[str]:
    width = len(judged.layout.roles)
    header = [*judged.header, *[""] * width][:width]
    return [heading or _("column %(n)s") % {"n": n} for n, heading in enumerate(header, start=1)]


def _told(one: Judged) -> dict[str, Any]:
    """Return what is entered for a row, or the row as it stays, with what may be meant instead."""
    return {
        "entry": one.entry,
        "text": one.row.text,
        "problem": one.problem,
        "instead": [] if one.entry else list(_instead(one)),
    }


def _instead(one: Judged) -> Iterator[dict[str, str]]:
    for product in one.suggestions:
        entry = f"{product.sku} {one.quantity}{one.terms}"
        yield {"label": product.sku, "title": product.name, "entry": entry}
    sku = one.offered[0].product.sku if one.offered else ""
    for offer in one.offers:
        entry = f"{sku} {offer}{one.terms}"
        yield {"label": offer, "title": "", "entry": entry}


def _columns(judged: Judgement) -> dict[str, Any]:
    layout = judged.layout
    return {
        "shape": judged.shape,
        "roles": list(layout.roles),
        "header": layout.has_header,
        "decimal": layout.decimal,
    }


def read_file(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Answer with the first sheet of a workbook as text with tabs, to be shown like what was pasted."""
    kind.find(request, number)
    kind.require(request, "change")
    file = request.FILES.get("file")
    try:
        upload = read_upload(file) if file else None
        if upload is None or upload.media_type != XLSX:
            raise Refused(_("Choose an XLSX or CSV file."))
        rows = list_of(BytesIO(upload.content), most=MOST_ROWS + 1, ditto=DITTO)
    except Refused as refusal:
        return JsonResponse({"message": str(refusal)}, status=422)
    text = "\n".join(
        "\t".join(" ".join(cell.split()).replace('"', "”") for cell in cells) for _n, cells in rows
    )
    return JsonResponse({"text": text})


def remember(request: StaffRequest, kind: Kind, number: str) -> HttpResponse:
    """Remember the columns that were taken for the customer's next list of this shape."""
    document = kind.find(request, number)
    kind.require(request, "change")
    data = mapping(read_json(request.body), {"shape", "roles", "header", "decimal"})
    roles = tuple(_role(role) for role in texts(data["roles"]))
    decimal, shape = text_of(data["decimal"]), text_of(data["shape"], most=LONGEST_CELL)
    if (
        Role.CODE not in roles
        or len(roles) > MOST_COLUMNS
        or decimal not in DECIMALS
        or shape.strip() != clean(shape)
    ):
        raise BadRequest("these columns order nothing")
    layout = Layout("", flag(data["header"]), roles, decimal)
    remember_columns(document.customer_id, shape, layout)
    return JsonResponse({})
