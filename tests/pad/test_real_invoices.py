"""Invoices of a real wholesaler, each pasted as it stands on an order of its customer; `make soak` takes all 500.

They hold what a keyboard never would: service codes, products twice, prices of nothing, quantities below zero, codes in
small letters, 593 lines. Each row becomes a line, or stays where it is with what is wrong with it; an invoice without a
problem is submitted and comes to the penny to what the books say.

The invoices are not part of this project: the test runs where `OMS_SAMPLE_DATA` has them. They are D. Chen's "Online
Retail" (UCI, doi:10.24432/C5BW33).
"""

import csv
import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from orders.models import Order
from orders.services.submitting import submit_order
from orders.status import OrderStatus
from tests.builders import a_boss, a_company, a_currency, a_customer, a_warehouse, an_order

INVOICES = Path(settings.OMS_SAMPLE_DATA) / "online_retail_sample" / "invoices_500.csv"
COLUMNS = ("StockCode", "Description", "Quantity", "UnitPrice")
PRODUCT = re.compile(r"\d{5}[A-Z]*")  # anything else is a service: postage, a discount, bank charges
CENT = Decimal("0.01")
BATCH = 1000

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not INVOICES.is_file(),
        reason=f"The sample invoices are not at {INVOICES}; set OMS_SAMPLE_DATA to their folder.",
    ),
]


def invoices():
    """The rows of each invoice, by its number."""
    with INVOICES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {number: list(group) for number, group in groupby(rows, key=lambda row: row["InvoiceNo"])}


def catalogue(rows, path):
    """Bring in every product that is named, as a file."""
    names = {row["StockCode"].upper(): row["Description"] for row in rows if row["Description"]}
    skus = {row["StockCode"].upper() for row in rows}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name"])
        writer.writerows([sku, names.get(sku, sku)] for sku in sorted(skus) if PRODUCT.fullmatch(sku))
    call_command("import_data", "products", str(path))


def as_pasted(rows):
    return "\n".join(["\t".join(COLUMNS), *("\t".join(row[name] for name in COLUMNS) for row in rows)])


class Desk:
    """Somebody who pastes, adds what is understood, and submits what has no problem."""

    def __init__(self, client):
        self.client, self.boss = client, a_boss()
        client.force_login(self.boss)
        self.customers = {}

    def draft_for(self, who):
        if who not in self.customers:
            self.customers[who] = a_customer(f"R{who or 'ANYBODY'}")
        return an_order({}, self.customers[who], by=self.boss)

    def sent(self, order, what, **body):
        answer = self.client.post(
            reverse(f"admin:orders_order_{what}", args=[order.number]),
            json.dumps(body),
            content_type="application/json",
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    def pasted(self, order, rows):
        asked = {
            "delimiter": None,
            "header": None,
            "roles": None,
            "decimal": None,
            "merge": False,
            "listed": False,
            "fixes": [],
        }
        return self.sent(order, "paste", text=as_pasted(rows), **asked)["rows"]

    def added(self, order, entries):
        ops = [{"op": "add", "text": entry} for entry in entries]
        return self.sent(order, "edit", id=f"paste-on-order-{order.pk}", revision=order.revision, ops=ops)


def owed(rows):
    amounts = [Decimal(row["UnitPrice"]) * int(row["Quantity"]) for row in rows]
    return sum((amount.quantize(CENT, rounding=ROUND_HALF_UP) for amount in amounts), Decimal(0))


def expected(row):
    """Why a row cannot become a line, told by looking at it."""
    if not PRODUCT.fullmatch(row["StockCode"].upper()):
        return "unknown"
    return "not more than 0" if int(row["Quantity"]) <= 0 else None


@pytest.mark.parametrize(
    "share", [pytest.param(12, id="a twelfth"), pytest.param(1, id="all", marks=pytest.mark.soak)]
)
def test_each_becomes_an_order_or_a_draft_with_every_problem_named(client, tmp_path, share):
    a_company(currency=a_currency("GBP", 2))
    a_warehouse("MAIN")
    books, desk, outcomes = invoices(), Desk(client), Counter()
    catalogue([row for rows in books.values() for row in rows], tmp_path / "products.csv")

    for number, rows in list(books.items())[::share]:
        order = desk.draft_for(rows[0]["CustomerID"])
        judged = desk.pasted(order, rows)

        assert len(judged) == len(rows), number
        for row, one in zip(rows, judged, strict=True):
            assert bool(one["entry"]) is (expected(row) is None), (number, row, one)
            assert one["entry"] or one["problem"], (number, row)
        good = [row for row in rows if expected(row) is None]
        if good:
            desk.added(order, [one["entry"] for one in judged if one["entry"]])
        order.refresh_from_db()
        assert order.lines.count() == len(good), number
        assert order.total == owed(good), number
        if len(good) == len(rows):
            assert submit_order(order.pk, by=desk.boss).status == OrderStatus.SUBMITTED, number
        outcomes["order" if len(good) == len(rows) else "draft"] += 1

    assert min(outcomes["order"], outcomes["draft"]) > 5
    assert Order.objects.filter(status=OrderStatus.SUBMITTED).count() == outcomes["order"]
