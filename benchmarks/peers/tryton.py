"""Tryton (sale, sale_price_list, stock) through its own model API, as its dispatcher does it.

One transaction per button, retries of operational errors, then the queued tasks, which trytond runs right after the
commit when it has no worker. Access checks and JSON are left out, which flatters Tryton a little.
"""

import os
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.contended import Enter, Errors
from benchmarks.peers.script import run
from benchmarks.work import Lines, Scale

CUSTOMER = "Customer 0001"
SHIPMENTS = """
    SELECT DISTINCT split_part(m.shipment, ',', 2)::int
    FROM sale_line l JOIN stock_move m ON m.origin = 'sale.line,' || l.id
    WHERE l.sale = %s AND m.shipment LIKE 'stock.shipment.out,%%'
"""


def use_server(address: str) -> str:
    """Tell trytond its server, which it wants before it is imported; return the database's name."""
    parts = urlsplit(address)
    os.environ["TRYTOND_DATABASE_URI"] = urlunsplit(parts._replace(path="/"))
    return parts.path[1:]


def setup(address: str, scale: Scale) -> None:
    name = use_server(address)
    from benchmarks.peers.tryton_setup import fill

    fill(name, address, scale)


class Tryton:
    """One user's session."""

    def __init__(self, address: str) -> None:
        self.name, self.address, self.statements = use_server(address), address, 0
        self._count()
        from trytond.pool import Pool
        from trytond.transaction import Transaction

        self.transaction: Any = Transaction
        Pool.start()
        self.pool = Pool(self.name)
        with Transaction().start(self.name, 0, readonly=True):
            self.pool.init()
        with Transaction().start(self.name, 0, readonly=True):
            self.user = self.pool.get("res.user").search([("login", "=", "admin")])[0].id
        with Transaction().start(self.name, self.user, readonly=True):
            self.context = dict(self.pool.get("res.user").get_preferences(context_only=True))
            found = self.pool.get("product.product").search([("code", "like", "P%")], order=[("id", "ASC")])
            self.products = [product.id for product in found]
            self.customer = self.pool.get("party.party").search([("name", "=", CUSTOMER)])[0].id
            houses = self.pool.get("stock.location").search([("type", "=", "warehouse")])
            self.warehouse = houses[0].id

    def _count(self) -> None:
        """Count what the server is sent."""
        import trytond.backend.postgresql.database as module

        outer, cursor = self, module.LoggingCursor

        class CountingCursor(cursor):  # type: ignore[misc, valid-type]
            def execute(self, *args: Any, **kwargs: Any) -> Any:
                outer.statements += 1
                return super().execute(*args, **kwargs)

            def executemany(self, query: Any, rows: Any, **kwargs: Any) -> Any:
                rows = list(rows)
                outer.statements += len(rows)
                return super().executemany(query, rows, **kwargs)

        module.LoggingCursor = CountingCursor

    def call(self, change: Callable[[], Any]) -> Any:
        """Do what trytond.protocols.dispatcher does with one request, and then the tasks it queued."""
        from trytond import backend, config
        from trytond.transaction import TransactionError
        from trytond.worker import run_task

        retries = config.getint("database", "retry")
        extras: dict[str, Any] = {}
        while True:
            with self.transaction().start(
                self.name, self.user, context=self.context, **extras
            ) as transaction:
                try:
                    result = change()
                    transaction.commit()
                    break
                except TransactionError as error:
                    transaction.rollback()
                    transaction.tasks.clear()
                    error.fix(extras)
                except backend.DatabaseOperationalError:
                    transaction.rollback()
                    transaction.tasks.clear()
                    retries -= 1
                    if retries < 0:
                        raise
            time.sleep(0.02)
        while transaction.tasks:
            run_task(self.pool, transaction.tasks.pop())
        return result

    def button(self, model: str, ids: list[int], name: str) -> None:
        def click() -> None:
            Model = self.pool.get(model)  # noqa: N806 - a class
            getattr(Model, name)(Model.browse(ids))

        self.call(click)

    def steps(self, lines: Lines) -> dict[str, Callable[[], None]]:
        ids: dict[str, Any] = {}

        def enter() -> None:
            ids["sale"] = self.call(lambda: self._sale(lines))

        def confirm() -> None:
            ids["shipments"] = self.confirm(ids["sale"])

        def fulfil() -> None:
            for name in ("pick", "pack", "ship", "do"):
                self.button("stock.shipment.out", ids["shipments"], name)

        return {"enter_order": enter, "confirm_order": confirm, "fulfil_order": fulfil}

    def _sale(self, lines: Lines) -> int:
        sale = self.pool.get("sale.sale")(company=self.context["company"])
        sale.currency = sale.default_currency()
        sale.warehouse = self.pool.get("stock.location")(self.warehouse)
        sale.party = self.pool.get("party.party")(self.customer)
        sale.on_change_party()
        Line = self.pool.get("sale.line")  # noqa: N806 - a class
        products = self.pool.get("product.product").browse([self.products[n - 1] for n in lines.products])
        found = []
        for product, quantity in zip(products, lines.quantities, strict=True):
            line = Line(sale=sale, type="line", quantity=float(quantity), product=product)
            line.on_change_product()
            found.append(line)
        sale.lines = found
        sale.save()
        return int(sale.id)

    def confirm(self, sale: int) -> list[int]:
        """Quote, confirm and process the sale, reserve its stock, and return its shipments."""
        self.button("sale.sale", [sale], "quote")
        self.button("sale.sale", [sale], "confirm")
        with psycopg.connect(self.address) as plain:  # the user sees it on the screen
            shipments = [row[0] for row in plain.execute(SHIPMENTS, [sale])]
        self.button("stock.shipment.out", shipments, "assign_try")
        return shipments


def side(address: str) -> tuple[Enter, Errors]:
    """An order fails when a button still fails after Tryton's own retries: its user would have to click again."""
    tryton = Tryton(address)

    def enter(lines: Lines) -> int:
        before = tryton.statements
        steps = tryton.steps(lines)
        steps["enter_order"]()
        steps["confirm_order"]()
        return tryton.statements - before

    return enter, (psycopg.Error,)


if __name__ == "__main__":
    run("benchmarks.peers.tryton", setup, Tryton, side)
