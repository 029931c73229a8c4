"""The limit: the same work in a minimal schema, as plain set-based SQL through psycopg.

Foreign keys, checks, indexes and a durable commit per step; no framework, no rights, no history.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

SCHEMA = """
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, price_list int NOT NULL);
CREATE TABLE product (id int PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE price (
  price_list int NOT NULL, product_id int NOT NULL REFERENCES product, min_qty bigint NOT NULL CHECK (min_qty >= 0),
  unit_price numeric(18,6) NOT NULL CHECK (unit_price >= 0), PRIMARY KEY (price_list, product_id, min_qty));
CREATE TABLE bin (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE stock (
  product_id int PRIMARY KEY REFERENCES product, on_hand bigint NOT NULL CHECK (on_hand >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0), CHECK (reserved <= on_hand)) WITH (fillfactor = 50);
CREATE TABLE bin_stock (
  product_id int NOT NULL REFERENCES product, bin_id int NOT NULL REFERENCES bin,
  quantity bigint NOT NULL CHECK (quantity >= 0), PRIMARY KEY (product_id, bin_id)) WITH (fillfactor = 50);
CREATE TABLE sales_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text UNIQUE, customer_id int NOT NULL REFERENCES customer,
  state text NOT NULL, ordered_at timestamptz NOT NULL DEFAULT now(), total numeric(18,4) NOT NULL DEFAULT 0);
CREATE TABLE order_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES sales_order,
  line_no int NOT NULL, product_id int NOT NULL REFERENCES product, quantity bigint NOT NULL CHECK (quantity > 0),
  unit_price numeric(18,6) NOT NULL CHECK (unit_price >= 0), amount numeric(18,4) NOT NULL, UNIQUE (order_id, line_no));
CREATE TABLE reservation (
  line_id bigint PRIMARY KEY REFERENCES order_line, product_id int NOT NULL REFERENCES stock,
  quantity bigint NOT NULL CHECK (quantity > 0));
CREATE TABLE shipment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES sales_order,
  state text NOT NULL);
CREATE TABLE pick (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shipment_id bigint NOT NULL REFERENCES shipment,
  line_id bigint NOT NULL REFERENCES order_line, product_id int NOT NULL, bin_id int NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0), picked bigint NOT NULL DEFAULT 0 CHECK (picked <= quantity),
  packed bigint NOT NULL DEFAULT 0 CHECK (packed <= picked), FOREIGN KEY (product_id, bin_id) REFERENCES bin_stock);
CREATE INDEX ON pick (shipment_id);
CREATE TABLE carton (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shipment_id bigint NOT NULL REFERENCES shipment,
  number int NOT NULL);
CREATE TABLE carton_item (
  carton_id bigint NOT NULL REFERENCES carton, pick_id bigint NOT NULL REFERENCES pick,
  quantity bigint NOT NULL CHECK (quantity > 0), PRIMARY KEY (carton_id, pick_id));
CREATE TABLE movement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id int NOT NULL REFERENCES product,
  from_bin int REFERENCES bin, to_bin int REFERENCES bin, quantity bigint NOT NULL CHECK (quantity > 0),
  shipment_id bigint REFERENCES shipment, moved_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON movement (product_id);
CREATE SEQUENCE order_number;
"""

FILL = """
INSERT INTO customer SELECT i, 'Customer ' || i, 1 FROM generate_series(1, 50) i;
INSERT INTO product SELECT i, 'P' || i, 'Product ' || i FROM generate_series(1, {products}) i;
INSERT INTO price SELECT 1, p.id, b.q, round((10 + p.id % 90) * b.f, 4)
  FROM product p, (VALUES (1, .95), (10, .9), (100, .8)) b(q, f);
INSERT INTO bin VALUES (1, 'A-1'), (2, 'STAGING');
INSERT INTO stock SELECT id, 1000000 FROM product;
INSERT INTO bin_stock SELECT id, 1, 1000000 FROM product UNION ALL SELECT id, 2, 0 FROM product;
"""

ENTER = """
WITH line AS (
  INSERT INTO order_line (order_id, line_no, product_id, quantity, unit_price, amount)
  SELECT %(order)s, l.n, l.p, l.q, pr.unit_price, round(l.q * pr.unit_price, 2)
  FROM unnest(%(products)s::int[], %(quantities)s::bigint[]) WITH ORDINALITY AS l(p, q, n)
  CROSS JOIN LATERAL (SELECT unit_price FROM price WHERE price_list = 1 AND product_id = l.p AND min_qty <= l.q
                      ORDER BY min_qty DESC LIMIT 1) pr
  RETURNING amount)
UPDATE sales_order SET total = (SELECT sum(amount) FROM line) WHERE id = %(order)s
"""
LOCK = """
SELECT count(*) FROM (SELECT 1 FROM stock s
  WHERE s.product_id IN (SELECT product_id FROM order_line WHERE order_id = %(order)s)
  ORDER BY s.product_id FOR NO KEY UPDATE) x
"""
RESERVE = """
WITH r AS (INSERT INTO reservation (line_id, product_id, quantity)
           SELECT id, product_id, quantity FROM order_line WHERE order_id = %(order)s RETURNING product_id, quantity)
UPDATE stock s SET reserved = s.reserved + a.q FROM (SELECT product_id, sum(quantity) q FROM r GROUP BY 1) a
WHERE s.product_id = a.product_id
"""
PLAN = """
INSERT INTO pick (shipment_id, line_id, product_id, bin_id, quantity)
SELECT %(shipment)s, r.line_id, r.product_id, b.bin_id, r.quantity
FROM reservation r JOIN order_line l ON l.id = r.line_id
JOIN bin_stock b ON b.product_id = r.product_id AND b.bin_id = 1 AND b.quantity >= r.quantity
WHERE l.order_id = %(order)s
"""
PICK = """
WITH p AS (UPDATE pick SET picked = quantity WHERE shipment_id = %(shipment)s AND picked = 0
           RETURNING product_id, bin_id, quantity),
m AS (INSERT INTO movement (product_id, from_bin, to_bin, quantity, shipment_id)
      SELECT product_id, bin_id, 2, quantity, %(shipment)s FROM p)
UPDATE bin_stock b SET quantity = b.quantity + d.q
FROM (SELECT product_id, bin_id, -sum(quantity) q FROM p GROUP BY 1, 2
      UNION ALL SELECT product_id, 2, sum(quantity) FROM p GROUP BY 1) d
WHERE b.product_id = d.product_id AND b.bin_id = d.bin_id
"""
PACK = """
WITH p AS (UPDATE pick SET packed = picked WHERE shipment_id = %(shipment)s RETURNING id, picked)
INSERT INTO carton_item (carton_id, pick_id, quantity) SELECT %(carton)s, id, picked FROM p
"""
SHIP = """
WITH r AS (DELETE FROM reservation USING order_line l
           WHERE l.id = reservation.line_id AND l.order_id = %(order)s RETURNING reservation.*),
a AS (SELECT product_id, sum(quantity) q FROM r GROUP BY 1),
m AS (INSERT INTO movement (product_id, from_bin, quantity, shipment_id)
      SELECT product_id, 2, quantity, %(shipment)s FROM r),
b AS (UPDATE bin_stock b SET quantity = b.quantity - a.q FROM a WHERE b.product_id = a.product_id AND b.bin_id = 2)
UPDATE stock s SET on_hand = s.on_hand - a.q, reserved = s.reserved - a.q FROM a WHERE s.product_id = a.product_id
"""


@dataclass
class Limit:
    """One connection to the minimal schema; each method is one step in one transaction."""

    connection: "psycopg.Connection[Any]"
    statements: int = 0
    ids: dict[str, Any] = field(default_factory=dict)

    def run(self, sql: str, values: dict[str, Any] | None = None) -> "psycopg.Cursor[Any]":
        self.statements += 1
        return self.connection.execute(sql, values)

    def fill(self, products: int) -> None:
        self.connection.execute(SCHEMA)
        self.connection.execute(FILL.format(products=products))

    def steps(self, products: list[int], quantities: list[int]) -> dict[str, Callable[[], None]]:
        """Return the steps of one order's life, to be called in their order."""
        self.ids = {"products": products, "quantities": quantities}
        return {
            "enter_order": self.enter,
            "confirm_order": self.confirm,
            "release_order": self.release,
            "pick_order": self.pick,
            "pack_order": self.pack,
            "ship_order": self.ship,
        }

    def enter(self) -> None:
        with self.connection.transaction():
            row = self.run(
                "INSERT INTO sales_order (customer_id, state) VALUES (1, 'draft') RETURNING id"
            ).fetchone()
            assert row
            self.ids["order"] = row[0]
            self.run(ENTER, self.ids)

    def confirm(self) -> None:
        with self.connection.transaction():
            self.run(
                "UPDATE sales_order SET state = 'confirmed', number = nextval('order_number')::text "
                "WHERE id = %(order)s AND state = 'draft'",
                self.ids,
            )
            self.run(LOCK, self.ids)
            self.run(RESERVE, self.ids)

    def release(self) -> None:
        with self.connection.transaction():
            row = self.run(
                "INSERT INTO shipment (order_id, state) VALUES (%(order)s, 'planned') RETURNING id", self.ids
            ).fetchone()
            assert row
            self.ids["shipment"] = row[0]
            self.run(PLAN, self.ids)
            self.run("UPDATE sales_order SET state = 'released' WHERE id = %(order)s", self.ids)

    def pick(self) -> None:
        with self.connection.transaction():
            self.run(LOCK, self.ids)
            self.run(PICK, self.ids)
            self.run("UPDATE shipment SET state = 'picking' WHERE id = %(shipment)s", self.ids)

    def pack(self) -> None:
        with self.connection.transaction():
            row = self.run(
                "INSERT INTO carton (shipment_id, number) VALUES (%(shipment)s, 1) RETURNING id", self.ids
            ).fetchone()
            assert row
            self.ids["carton"] = row[0]
            self.run(PACK, self.ids)
            self.run("UPDATE shipment SET state = 'packed' WHERE id = %(shipment)s", self.ids)

    def ship(self) -> None:
        with self.connection.transaction():
            self.run(LOCK, self.ids)
            self.run(SHIP, self.ids)
            self.run("UPDATE shipment SET state = 'shipped' WHERE id = %(shipment)s", self.ids)
            self.run("UPDATE sales_order SET state = 'completed' WHERE id = %(order)s", self.ids)
