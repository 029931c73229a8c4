"""What the pad's browser sends of a document, for tests of what comes back."""

import json
from itertools import count

from django.urls import reverse

from orders.models import Order

ids = count(1)


def url(document, what):
    kind = "order" if isinstance(document, Order) else "quote"
    return reverse(f"admin:orders_{kind}_{what}", args=[document.number])


def send(client, document, *ops, revision=None, operation=None):
    document.refresh_from_db()
    body = {
        "id": operation or f"operation-{next(ids)}",
        "revision": document.revision if revision is None else revision,
        "ops": list(ops),
    }
    return client.post(url(document, "edit"), json.dumps(body), content_type="application/json")


def add(text):
    return {"op": "add", "text": text}


def change(line, column, text):
    return {"op": "change", "line": line.pk, "column": column, "text": text}


def remove(line):
    return {"op": "remove", "line": line.pk}


def header(column, text):
    return {"op": "header", "column": column, "text": text}


def lines_of(order):
    return [
        (line.product.sku, line.ordered, line.unit_price) for line in order.lines.select_related("product")
    ]


def pad_of(client, order):
    return " ".join(client.get(url(order, "pad")).content.decode().split())
