"""The order pad as its browser asks for it: opened, a cell typed, a list pasted; beside the same statements."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benchmarks import measure
from benchmarks.finding import noted, replay
from benchmarks.houses import as_the_web_server
from benchmarks.measure import Pair, Row, Sample, row, timed
from benchmarks.work import Lines, order_lines
from inventory.models import Product
from orders.models import Order
from orders.services.capturing import enter_order

BATCH = 1000  # adds that the browser sends at once

Ask = Callable[[], object]


@dataclass
class Desk:
    """Somebody at the pad. What the limit repeats is rolled back, for the same rows cannot be written twice."""

    pair: Pair
    client: Client
    ids: Iterator[int]

    @classmethod
    def of(cls, pair: Pair) -> "Desk":
        client = Client(HTTP_HOST="localhost")
        client.force_login(pair.ours.house.user)
        return cls(pair, client, count(1))

    def draft(self, lines: Lines | None) -> Order:
        house = self.pair.ours.house
        wanted = lines or Lines([], [])
        return enter_order(house.header(wanted), house.lines(wanted), by=house.user)

    def pad_open(self, size: int, seed: int) -> Ask:
        order = self.draft(order_lines(size, self.pair.scale, seed))
        return lambda: self.answered(self.client.get(reverse("admin:orders_order_pad", args=[order.number])))

    def pad_operation(self, size: int, seed: int) -> Ask:
        """Another quantity for the last line, told to an order that was read before."""
        order = self.draft(order_lines(size, self.pair.scale, seed))
        line = order.lines.order_by("-position").values_list("pk", flat=True)[0]
        change = {"op": "change", "line": line, "column": "quantity", "text": "7"}
        return lambda: self.edited(order, order.revision, [change])

    def pad_paste(self, size: int, seed: int) -> Ask:
        """A list of codes, quantities and prices is looked through, and what it comes to is added."""
        lines, order = order_lines(size, self.pair.scale, seed), self.draft(None)
        house = self.pair.ours.house
        skus = Product.objects.in_bulk([house.products[number - 1] for number in lines.products])
        rows = [
            f"{skus[house.products[number - 1]].sku}\t{quantity}"
            for number, quantity in zip(lines.products, lines.quantities, strict=True)
        ]
        return partial(self.pasted, order, "\n".join(rows))

    def pasted(self, order: Order, text: str) -> None:
        asked = {
            "delimiter": None,
            "header": None,
            "roles": None,
            "decimal": None,
            "merge": False,
            "listed": False,
            "fixes": [],
        }
        found = self.sent(order, "paste", {"text": text, **asked})["rows"]
        ops = [{"op": "add", "text": one["entry"]} for one in found]
        revision = order.revision
        for first in range(0, len(ops), BATCH):
            revision = self.edited(order, revision, ops[first : first + BATCH])

    def edited(self, order: Order, revision: int, ops: list[dict[str, Any]]) -> int:
        """Apply the operations to the draft as it was read; return what it is then."""
        body = {"id": f"operation-{next(self.ids)}", "revision": revision, "ops": ops}
        return int(self.sent(order, "edit", body)["revision"])

    def sent(self, order: Order, what: str, body: dict[str, Any]) -> Any:
        url = reverse(f"admin:orders_order_{what}", args=[order.number])
        answer = self.client.post(url, json.dumps(body), content_type="application/json")
        self.answered(answer)
        return answer.json()

    def answered(self, answer: Any) -> None:
        if answer.status_code != 200:
            raise SystemExit(f"The pad answers {answer.status_code}: {answer.content[:200]!r}")


def at_the_desk(pair: Pair, sizes: Iterable[int], names: Iterable[str]) -> list[Row]:
    """Return a row per name and size; the limit is the page's own statements, in a transaction that is rolled back."""
    as_the_web_server()
    desk = Desk.of(pair)
    return [measured(desk, name, size) for name in names for size in sizes]


def measured(desk: Desk, name: str, size: int) -> Row:
    mine, least = [], []
    for run in range(measure.runs_of(size) + 1):
        ask = getattr(desk, name)(size, size * 100 + run)
        sent, limit_ms = replayed(ask)
        ms, _answer = timed(ask)
        if run:
            mine.append(Sample(ms, len(sent), None))
            least.append(Sample(limit_ms, len(sent), None))
    found = row(name, size, mine, least)
    ms = sorted(sample.ms for sample in mine)
    return {**found, "p95": round(ms[int(len(ms) * 0.95)], 2)}


def replayed(ask: Ask) -> tuple[list[str], float]:
    """Return the statements of the page, and how long they take alone, sent once more where they were sent first."""
    sent: list[str] = []
    with transaction.atomic():
        mark = transaction.savepoint()
        with connection.execute_wrapper(partial(noted, sent)):
            ask()
        transaction.savepoint_rollback(mark)
        ms, _nothing = timed(lambda: replay(connection.connection, sent))
        transaction.set_rollback(True)
    return sent, ms
