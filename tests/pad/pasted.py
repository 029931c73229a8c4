"""What is pasted on a pad, as its service judges it and as the browser asks for it."""

import json
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from orders.pasting import Wish
from orders.services.pasting import Choices, judge_paste
from orders.services.sheets import sheet_of


def judge(order, text, by, *, merge=False, listed=False, fixes=None, **wish):
    return judge_paste(sheet_of(order), text, Choices(Wish(**wish), merge, listed, fixes or {}), by=by)


def told(judgement):
    return [(one.confidence, one.entry) for one in judgement.rows]


def entries(judgement):
    return [one.entry for one in judgement.rows]


def post(client, order, what, **body):
    url = reverse(f"admin:orders_order_{what}", args=[order.number])
    return client.post(url, json.dumps(body), content_type="application/json")


def look(client, order, text, **wish):
    asked = {
        "delimiter": None,
        "header": None,
        "roles": None,
        "decimal": None,
        "merge": False,
        "listed": False,
        "fixes": [],
    }
    return post(client, order, "paste", text=text, **{**asked, **wish})


def a_workbook(*rows, merged=(), formats=None):
    """The bytes of a workbook with these rows, some of its cells merged or in a format."""
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    for cell, number_format in (formats or {}).items():
        book.active[cell].number_format = number_format
    book.save(file)
    return file.getvalue()


def sent_file(client, order, content):
    url = reverse("admin:orders_order_paste_file", args=[order.number])
    return client.post(url, {"file": SimpleUploadedFile("order.xlsx", content)})
