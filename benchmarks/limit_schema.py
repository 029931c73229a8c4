"""The least that PostgreSQL needs to hold for an order's life: tables, foreign keys, checks and indexes, and the SQL of
each step. No framework, no rights, no history."""

SCHEMA = """
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, price_list int NOT NULL);
CREATE TABLE warehouse (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE product (id int PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE price (
  price_list int NOT NULL, product_id int NOT NULL REFERENCES product, min_qty bigint NOT NULL CHECK (min_qty >= 0),
  unit_price numeric(18,6) NOT NULL CHECK (unit_price >= 0), PRIMARY KEY (price_list, product_id, min_qty));
CREATE TABLE bin (
  id int PRIMARY KEY, warehouse_id int NOT NULL REFERENCES warehouse, code text NOT NULL, kind text NOT NULL,
  UNIQUE (warehouse_id, code));
CREATE TABLE stock (
  product_id int NOT NULL REFERENCES product, warehouse_id int NOT NULL REFERENCES warehouse,
  on_hand bigint NOT NULL CHECK (on_hand >= 0), reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  PRIMARY KEY (product_id, warehouse_id), CHECK (reserved <= on_hand)) WITH (fillfactor = 50);
CREATE TABLE bin_stock (
  product_id int NOT NULL REFERENCES product, bin_id int NOT NULL REFERENCES bin,
  quantity bigint NOT NULL CHECK (quantity >= 0), PRIMARY KEY (product_id, bin_id)) WITH (fillfactor = 50);
CREATE TABLE sales_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text UNIQUE, customer_id int NOT NULL REFERENCES customer,
  warehouse_id int NOT NULL REFERENCES warehouse, state text NOT NULL,
  ordered_at timestamptz NOT NULL DEFAULT now(), total numeric(18,4) NOT NULL DEFAULT 0);
CREATE TABLE order_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES sales_order,
  line_no int NOT NULL, product_id int NOT NULL REFERENCES product, quantity bigint NOT NULL CHECK (quantity > 0),
  unit_price numeric(18,6) NOT NULL CHECK (unit_price >= 0), amount numeric(18,4) NOT NULL, UNIQUE (order_id, line_no));
CREATE TABLE reservation (
  line_id bigint PRIMARY KEY REFERENCES order_line, product_id int NOT NULL, warehouse_id int NOT NULL,
  quantity bigint NOT NULL CHECK (quantity > 0), FOREIGN KEY (product_id, warehouse_id) REFERENCES stock);
CREATE TABLE backorder (
  line_id bigint PRIMARY KEY REFERENCES order_line, product_id int NOT NULL REFERENCES product,
  warehouse_id int NOT NULL REFERENCES warehouse, quantity bigint NOT NULL CHECK (quantity > 0), due_on date NOT NULL);
CREATE INDEX ON backorder (product_id);
CREATE TABLE purchase_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id int NOT NULL REFERENCES product,
  warehouse_id int NOT NULL REFERENCES warehouse, due bigint NOT NULL CHECK (due >= 0), expected_on date NOT NULL);
CREATE INDEX ON purchase_line (product_id) WHERE due > 0;
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

# A warehouse's staging has the warehouse's number, the bins to pick from follow.
FILL = """
INSERT INTO customer SELECT i, 'Customer ' || i, 1 FROM generate_series(1, 50) i;
INSERT INTO warehouse SELECT w, 'W' || w FROM generate_series(1, {warehouses}) w;
INSERT INTO product SELECT p, 'P' || p, 'Product ' || p FROM generate_series(1, {products}) p;
INSERT INTO price SELECT 1, p.id, b.q, (10 + p.id % 90) * b.f FROM product p, (VALUES {breaks}) b(q, f);
INSERT INTO bin SELECT id, id, 'STAGING', 'staging' FROM warehouse;
INSERT INTO bin SELECT w.id * 1000 + b, w.id, 'A-' || b, 'pick' FROM warehouse w, generate_series(1, {bins}) b;
INSERT INTO stock
  SELECT p.id, w.id, CASE WHEN p.id > {plenty} THEN {little} ELSE {much} END FROM product p, warehouse w;
INSERT INTO bin_stock SELECT product_id, warehouse_id * 1000 + 1 + product_id % {bins}, on_hand FROM stock
  UNION ALL SELECT product_id, warehouse_id, 0 FROM stock;
INSERT INTO movement (product_id, to_bin, quantity)
  SELECT product_id, bin_id, quantity FROM bin_stock WHERE quantity > 0;
"""
PURCHASE = """
INSERT INTO purchase_line (product_id, warehouse_id, due, expected_on)
SELECT p.id, w.id, %(quantity)s, %(day)s FROM product p, warehouse w WHERE p.id > %(plenty)s
"""
WAIT = """
WITH wanted AS (
  SELECT l.id, l.product_id, l.quantity, least(l.quantity, s.on_hand - s.reserved) AS there
  FROM order_line l JOIN stock s ON s.product_id = l.product_id AND s.warehouse_id = %(warehouse)s
  WHERE l.order_id = %(order)s),
r AS (INSERT INTO reservation SELECT id, product_id, %(warehouse)s, there FROM wanted WHERE there > 0),
b AS (INSERT INTO backorder SELECT id, product_id, %(warehouse)s, quantity - there, %(day)s FROM wanted
      WHERE there < quantity),
o AS (UPDATE sales_order SET state = 'confirmed', number = nextval('order_number')::text WHERE id = %(order)s)
UPDATE stock s SET reserved = s.reserved + w.there FROM wanted w
WHERE s.product_id = w.product_id AND s.warehouse_id = %(warehouse)s AND w.there > 0
"""

OPEN = "INSERT INTO sales_order (customer_id, warehouse_id, state) VALUES (1, %(warehouse)s, 'draft') RETURNING id"
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
SUBMIT = """
UPDATE sales_order SET state = 'submitted'
WHERE id = %(order)s AND state = 'draft'
  AND total = (SELECT sum(l.amount) FROM order_line l JOIN product p ON p.id = l.product_id
               WHERE l.order_id = %(order)s)
"""
CONFIRM = """
UPDATE sales_order SET state = 'confirmed', number = nextval('order_number')::text
WHERE id = %(order)s AND state = 'submitted'
"""
LOCK = """
SELECT count(*) FROM (SELECT 1 FROM stock s
  WHERE s.warehouse_id = %(warehouse)s
    AND s.product_id IN (SELECT product_id FROM order_line WHERE order_id = %(order)s)
  ORDER BY s.product_id FOR NO KEY UPDATE) x
"""
RESERVE = """
WITH r AS (INSERT INTO reservation (line_id, product_id, warehouse_id, quantity)
           SELECT id, product_id, %(warehouse)s, quantity FROM order_line WHERE order_id = %(order)s
           RETURNING product_id, quantity)
UPDATE stock s SET reserved = s.reserved + a.q FROM (SELECT product_id, sum(quantity) q FROM r GROUP BY 1) a
WHERE s.product_id = a.product_id AND s.warehouse_id = %(warehouse)s
"""
PLAN = """
INSERT INTO pick (shipment_id, line_id, product_id, bin_id, quantity)
SELECT %(shipment)s, r.line_id, r.product_id, b.bin_id, r.quantity
FROM order_line l JOIN reservation r ON r.line_id = l.id
JOIN bin_stock b ON b.product_id = r.product_id AND b.quantity >= r.quantity
JOIN bin ON bin.id = b.bin_id AND bin.warehouse_id = r.warehouse_id AND bin.kind = 'pick'
WHERE l.order_id = %(order)s
"""
PICK = """
WITH p AS (UPDATE pick SET picked = quantity WHERE shipment_id = %(shipment)s AND picked = 0
           RETURNING product_id, bin_id, quantity),
m AS (INSERT INTO movement (product_id, from_bin, to_bin, quantity, shipment_id)
      SELECT product_id, bin_id, %(warehouse)s, quantity, %(shipment)s FROM p)
UPDATE bin_stock b SET quantity = b.quantity + d.q
FROM (SELECT product_id, bin_id, -sum(quantity) q FROM p GROUP BY 1, 2
      UNION ALL SELECT product_id, %(warehouse)s, sum(quantity) FROM p GROUP BY 1) d
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
      SELECT product_id, %(warehouse)s, quantity, %(shipment)s FROM r),
b AS (UPDATE bin_stock b SET quantity = b.quantity - a.q FROM a
      WHERE b.product_id = a.product_id AND b.bin_id = %(warehouse)s)
UPDATE stock s SET on_hand = s.on_hand - a.q, reserved = s.reserved - a.q FROM a
WHERE s.product_id = a.product_id AND s.warehouse_id = %(warehouse)s
"""

# Free now, what can be promised today, and the first day the quantity can be had: supply less demand, day by day,
# and of each day's balance no more than the least of the days that follow.
AVAILABILITY = """
WITH asked AS (
  SELECT * FROM unnest(%(products)s::int[], %(quantities)s::bigint[]) AS a(product_id, wanted)),
change AS (
  SELECT product_id, warehouse_id, %(today)s::date AS day, on_hand - reserved AS q, on_hand - reserved AS free
  FROM asked JOIN stock USING (product_id)
  UNION ALL SELECT product_id, warehouse_id, greatest(expected_on, %(today)s), due, 0
  FROM asked JOIN purchase_line USING (product_id) WHERE due > 0
  UNION ALL SELECT product_id, warehouse_id, greatest(due_on, %(today)s), -quantity, 0
  FROM asked JOIN backorder USING (product_id)),
balance AS (
  SELECT product_id, warehouse_id, day, sum(free) AS free,
         sum(sum(q)) OVER (PARTITION BY product_id, warehouse_id ORDER BY day) AS projected
  FROM change GROUP BY 1, 2, 3),
promise AS (
  SELECT product_id, warehouse_id, day, free, greatest(0, min(projected) OVER (
    PARTITION BY product_id, warehouse_id ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS atp
  FROM balance)
SELECT product_id, warehouse_id, sum(free)::bigint AS free, min(atp) FILTER (WHERE day = %(today)s)::bigint AS today,
       min(day) FILTER (WHERE atp >= wanted) AS earliest
FROM promise JOIN asked USING (product_id) GROUP BY 1, 2
"""

FACTS = """
SELECT (SELECT count(*) FROM sales_order) AS orders, (SELECT sum(total) FROM sales_order) AS total,
  (SELECT count(*) FROM sales_order WHERE state = 'completed') AS completed,
  (SELECT count(*) FROM order_line) AS lines, (SELECT sum(quantity) FROM order_line) AS ordered,
  (SELECT sum(reserved) FROM stock) AS reserved, (SELECT sum(on_hand) FROM stock) AS on_hand,
  (SELECT sum(quantity) FROM bin_stock) AS in_bins,
  (SELECT sum(quantity) FROM pick) AS to_pick, (SELECT sum(picked) FROM pick) AS picked,
  (SELECT coalesce(sum(quantity), 0) FROM carton_item) AS packed,
  (SELECT count(*) FROM movement) AS movements, (SELECT sum(quantity) FROM movement) AS moved,
  (SELECT sum(quantity) FROM backorder) AS waiting, (SELECT sum(due) FROM purchase_line) AS purchased
"""
PRINT = """
SELECT l.line_no, p.id, l.quantity, l.unit_price, l.amount FROM order_line l JOIN product p ON p.id = l.product_id
WHERE l.order_id = %(order)s ORDER BY l.line_no
"""
