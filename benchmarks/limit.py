"""The limit: the same work in a minimal schema, as plain set-based SQL through psycopg, a durable commit per step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any

import psycopg
from psycopg.rows import dict_row
from reportlab.pdfgen.canvas import Canvas

from benchmarks import limit_schema as sql
from benchmarks import work
from benchmarks.work import Lines, Scale

Place = tuple[int, int]  # numbers of product and warehouse


@dataclass
class Limit:
    """One connection to the minimal schema; each method is one step in one transaction."""

    connection: "psycopg.Connection[Any]"
    statements: int = 0
    ids: dict[str, Any] = field(default_factory=dict)

    def run(self, statement: str) -> "psycopg.Cursor[Any]":
        self.statements += 1
        return self.connection.execute(statement, self.ids)

    def run_for_id(self, statement: str) -> int:
        row = self.run(statement).fetchone()
        assert row
        return int(row[0])

    def fill(self, scale: Scale) -> None:
        """Leave the house at its size, with the orders that wait for what is scarce."""
        self.connection.execute(sql.SCHEMA)
        breaks = ", ".join(f"({quantity}, {part})" for quantity, part in work.BREAKS)
        fill = sql.FILL.format(
            products=scale.products, plenty=scale.plenty, warehouses=work.WAREHOUSES, bins=work.BINS,
            little=work.SCARCE_ON_HAND, much=work.ON_HAND, breaks=breaks,
        )  # fmt: skip
        self.connection.execute(fill)
        for days, quantity in work.PURCHASED:
            values = {"quantity": quantity, "day": work.in_days(days), "plenty": scale.plenty}
            self.connection.execute(sql.PURCHASE, values)
        for warehouse in range(1, work.WAREHOUSES + 1):
            for days, quantity in work.WAITED_FOR:
                self._wait(work.scarce_lines(scale, quantity, warehouse), days)

    def _wait(self, lines: Lines, days: int) -> None:
        self.take(lines)
        self.enter()
        self.ids["day"] = work.in_days(days)
        with self.connection.transaction():
            self.run(sql.WAIT)

    def settle(self) -> None:
        """Let the planner know the tables, for plans made on empty ones cost ten times more."""
        self.connection.execute("VACUUM ANALYZE")

    def facts(self) -> dict[str, Decimal]:
        """Return what is in the house, to be compared with the other side's."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(sql.FACTS).fetchone()
        assert row
        return {name: Decimal(value or 0) for name, value in row.items()}

    def take(self, lines: Lines) -> None:
        """Make these the lines that the steps are about."""
        self.ids = {
            "products": lines.products, "quantities": lines.quantities, "warehouse": lines.warehouse,
            "today": work.in_days(0),
        }  # fmt: skip

    def steps(self, lines: Lines) -> dict[str, Callable[[], None]]:
        """Return the steps of one order's life, to be called in their order."""
        self.take(lines)
        return {
            "enter_order": self.enter,
            "submit_order": self.submit,
            "confirm_order": self.confirm,
            "release_order": self.release,
            "pick_order": self.pick,
            "pack_order": self.pack,
            "ship_order": self.ship,
        }

    def enter(self) -> None:
        with self.connection.transaction():
            self.ids["order"] = self.run_for_id(sql.OPEN)
            self.run(sql.ENTER)

    def submit(self) -> None:
        with self.connection.transaction():
            self.run(sql.SUBMIT)

    def confirm(self) -> None:
        with self.connection.transaction():
            self.run(sql.CONFIRM)
            self.run(sql.LOCK)
            self.run(sql.RESERVE)

    def release(self) -> None:
        with self.connection.transaction():
            self.ids["shipment"] = self.run_for_id(
                "INSERT INTO shipment (order_id, state) VALUES (%(order)s, 'planned') RETURNING id"
            )
            self.run(sql.PLAN)
            self.run("UPDATE sales_order SET state = 'released' WHERE id = %(order)s")

    def pick(self) -> None:
        with self.connection.transaction():
            self.run(sql.LOCK)
            self.run(sql.PICK)
            self.run("UPDATE shipment SET state = 'picking' WHERE id = %(shipment)s")

    def pack(self) -> None:
        with self.connection.transaction():
            self.ids["carton"] = self.run_for_id(
                "INSERT INTO carton (shipment_id, number) VALUES (%(shipment)s, 1) RETURNING id"
            )
            self.run(sql.PACK)
            self.run("UPDATE shipment SET state = 'packed' WHERE id = %(shipment)s")

    def ship(self) -> None:
        with self.connection.transaction():
            self.run(sql.LOCK)
            self.run(sql.SHIP)
            self.run("UPDATE shipment SET state = 'shipped' WHERE id = %(shipment)s")
            self.run("UPDATE sales_order SET state = 'completed' WHERE id = %(order)s")

    def print(self) -> int:
        """Write the order's lines down in the font every reader has, 60 a page; return how many bytes it has."""
        rows = self.run(sql.PRINT).fetchall()
        target = BytesIO()
        canvas = Canvas(target)
        for place, row in enumerate(rows):
            if place and place % 60 == 0:
                canvas.showPage()
            for column, value in enumerate(row):
                canvas.drawString(40 + 90 * column, 780 - 12 * (place % 60), str(value))
        canvas.save()
        return len(target.getvalue())

    def availability(self, lines: Lines) -> dict[Place, int]:
        """Return what is free now of each product in each warehouse, found beside what can be promised and when."""
        self.take(lines)
        return {(product, place): free for product, place, free, *_ in self.run(sql.AVAILABILITY).fetchall()}
