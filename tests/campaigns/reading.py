"""The same picture of the house twice: as the database shows it, and as the oracle tells it."""

from collections import defaultdict

from django.db import connection

from inventory.models import StockCount
from orders.models import CallOff, Order
from tests.campaigns.oracle_call_offs import CallingHouse
from tests.campaigns.oracle_documents import Shipment

Picture = dict[tuple[str, str], tuple[str, ...]]

SEEN = """
    SELECT 'level', x.sku || ' ' || w.code, ARRAY[s.on_hand, s.allocated, s.available, s.held]::text[]
    FROM inventory_stocklevel s JOIN inventory_product x ON x.id = s.product_id
    JOIN inventory_warehouse w ON w.id = s.warehouse_id WHERE s.on_hand <> 0 OR s.allocated <> 0 OR s.held <> 0
    UNION ALL
    SELECT 'bin', x.sku || ' ' || w.code || '/' || l.code, ARRAY[b.quantity]::text[]
    FROM inventory_binstock b JOIN inventory_product x ON x.id = b.product_id
    JOIN inventory_location l ON l.id = b.location_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE b.quantity <> 0
    UNION ALL
    SELECT 'order', id::text, ARRAY[status, (requested_on - now()::date)::text] FROM orders_order
    UNION ALL
    SELECT 'leaves', id || ' 0', ARRAY[ship_on - now()::date]::text[] FROM orders_order WHERE ship_on IS NOT NULL
    UNION ALL
    SELECT 'leaves', order_id || ' ' || position, ARRAY[ship_on - now()::date]::text[] FROM orders_orderline
    WHERE ship_on IS NOT NULL
    UNION ALL
    SELECT 'line', order_id || ' ' || position, ARRAY[cancelled, allocated, picked, packed, shipped, open]::text[]
    FROM orders_orderline
    UNION ALL
    SELECT 'shipment', id::text, ARRAY[status, (handed_over_at IS NOT NULL)::text] FROM fulfillment_shipment
    UNION ALL
    SELECT 'parcel', id::text, ARRAY[quantity, cancelled, picked, packed]::text[] FROM fulfillment_shipmentline
    UNION ALL
    SELECT 'task', t.id::text, ARRAY[l.code, t.quantity::text, t.picked::text, t.status]
    FROM fulfillment_picktask t JOIN inventory_binstock b ON b.id = t.bin_id
    JOIN inventory_location l ON l.id = b.location_id
    UNION ALL
    SELECT 'count', id::text, ARRAY[missing::text, status] FROM inventory_stockcount
    UNION ALL
    SELECT 'transfer', t.id::text,
           ARRAY[t.status, l.cancelled::text, l.dispatched::text, l.received::text, l.lost::text]
    FROM inventory_transfer t JOIN inventory_transferline l ON l.transfer_id = t.id
    UNION ALL
    SELECT 'purchase', p.id || ' ' || l.id, ARRAY[p.status, l.ordered::text, l.received::text,
           coalesce(l.confirmed::text, 'None'), coalesce((l.confirmed_on - now()::date)::text, 'None')]
    FROM inventory_purchaseorder p JOIN inventory_purchaseorderline l ON l.purchase_order_id = p.id
    UNION ALL
    SELECT 'call-off', c.id::text, ARRAY[(requested_on - now()::date)::text, quantity::text,
           (skipped_at IS NOT NULL)::text, count(m.id)::text]
    FROM orders_calloff c LEFT JOIN orders_callofforder m ON m.call_off_id = c.id GROUP BY c.id
    UNION ALL
    SELECT 'agreed', x.sku, ARRAY[g.drawn]::text[]
    FROM customers_agreementline g JOIN inventory_product x ON x.id = g.product_id
    UNION ALL
    SELECT 'quote', id::text, ARRAY[status]::text[] FROM orders_quote
    UNION ALL
    SELECT 'hold', v.quote_id || ' ' || l.position, ARRAY[w.code, h.quantity::text, (h.until - now()::date)::text]
    FROM orders_stockhold h JOIN orders_quoteline l ON l.id = h.line_id
    JOIN orders_quoteversion v ON v.id = l.version_id JOIN inventory_stocklevel s ON s.id = h.stock_level_id
    JOIN inventory_warehouse w ON w.id = s.warehouse_id WHERE h.ended_on IS NULL
    UNION ALL
    SELECT 'waiting', x.sku || ' ' || w.code || '/' || l.code, ARRAY[a.difference]::text[]
    FROM inventory_stockadjustment a JOIN inventory_product x ON x.id = a.product_id
    JOIN inventory_location l ON l.id = a.location_id JOIN inventory_warehouse w ON w.id = l.warehouse_id
    WHERE a.status = 'proposed'
"""


def seen() -> Picture:
    with connection.cursor() as cursor:
        cursor.execute(SEEN)
        return {(what, who): tuple(values) for what, who, values in cursor.fetchall()}


def told(house: CallingHouse) -> Picture:
    """The oracle's picture; documents go by the id their row has."""
    return {key: tuple(str(value) for value in values) for key, values in _told(house).items()}


def _told(house: CallingHouse) -> dict[tuple[str, str], tuple[object, ...]]:
    picture: dict[tuple[str, str], tuple[object, ...]] = {}
    rows = {(product, place.warehouse) for product, place in house.bins} | {x.row for x in house.lines()}
    for row in rows:
        if house.on_hand(row) or house.allocated(row) or house.held(row):
            stock = house.on_hand(row), house.allocated(row), house.available(row), house.held(row)
            picture["level", " ".join(row)] = stock
    for (product, place), quantity in house.bins.items():
        if quantity:
            picture["bin", f"{product} {place.warehouse}/{place.code}"] = (quantity,)
    for (product, place), difference in house.waiting.items():
        picture["waiting", f"{product} {place.warehouse}/{place.code}"] = (difference,)
    for count in house.counts:
        picture["count", str(count.pk)] = (count.missing, "done" if count.done else "open")
    for moved in house.transfers:
        numbers_of = moved.status, moved.cancelled, moved.dispatched, moved.received, moved.lost
        picture["transfer", str(moved.pk)] = numbers_of
    for purchase in house.purchases:
        for line in purchase.lines:
            numbers = purchase.status, line.ordered, line.received, line.confirmed, line.confirmed_in
            picture["purchase", f"{purchase.pk} {line.pk}"] = numbers
    for one in house.call_offs:
        skipped = str(one.skipped).lower()
        picture["call-off", str(one.pk)] = one.day, one.quantity, skipped, len(one.orders)
    for product in house.agreed:
        picture["agreed", product] = (house.drawn(product),)
    for quote in house.quotes:
        picture["quote", str(quote.pk)] = (quote.status,)
        for position, held in enumerate(quote.holds, start=1):
            if held:
                picture["hold", f"{quote.pk} {position}"] = quote.warehouse, held, quote.until
    for order in house.orders:
        picture["order", str(order.pk)] = order.status, order.wanted_in
        for position, x in enumerate(order.lines, start=1):
            buckets = x.cancelled, x.allocated, x.picked, x.packed, x.shipped, x.open
            picture["line", f"{order.pk} {position}"] = buckets
        for shipment in order.shipments:
            picture |= _of_shipment(shipment)
    return picture


def _of_shipment(shipment: Shipment) -> dict[tuple[str, str], tuple[object, ...]]:
    picture: dict[tuple[str, str], tuple[object, ...]] = {}
    picture["shipment", str(shipment.pk)] = (shipment.status, str(shipment.handed_over).lower())
    for parcel in shipment.parcels:
        picture["parcel", str(parcel.pk)] = parcel.quantity, parcel.cancelled, parcel.picked, parcel.packed
        for task in parcel.tasks:
            picture["task", str(task.pk)] = task.place.code, task.quantity, task.picked, task.status
    return picture


def learn_ids(house: CallingHouse) -> None:
    """Tell the oracle the ids of the rows that its newest documents became, oldest first."""
    for documents, model in [(house.orders, Order), (house.call_offs, CallOff)]:
        if not all(document.pk for document in documents):
            known = model.objects.order_by("pk").values_list("pk", flat=True)
            for document, pk in zip(documents, known, strict=False):  # what is missing is a difference
                document.pk = pk
    if not all(count.pk for count in house.counts):
        known = StockCount.objects.order_by("pk").values_list("pk", flat=True)
        for count, pk in zip(house.counts, known, strict=True):
            count.pk = pk
    parcels = [p for order in house.orders for s in order.shipments for p in s.parcels]
    if all(task.pk for parcel in parcels for task in parcel.tasks):
        return
    tasks: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT shipment_line_id, id FROM fulfillment_picktask ORDER BY id")
        for line, pk in cursor.fetchall():
            tasks[line].append(pk)
    for parcel in parcels:
        for task, pk in zip(parcel.tasks, tasks[parcel.pk], strict=False):  # what is missing is a difference
            task.pk = pk


def learn_days(house: CallingHouse, found: Picture) -> None:
    """Tell the oracle on which days orders and lines were promised to leave; it knows what follows from them."""
    days = {who: int(found.pop((what, who))[0]) for what, who in list(found) if what == "leaves"}
    for order in house.orders:
        order.promised_in = days.get(f"{order.pk} 0")
        for position, line in enumerate(order.lines, start=1):
            line.leaves_in = days.get(f"{order.pk} {position}")


def difference(house: CallingHouse) -> list[str]:
    """Return every place where the database and the oracle disagree."""
    expected, found = told(house), seen()
    learn_days(house, found)
    return [
        f"{' '.join(key)}: the oracle says {expected.get(key, 'nothing')}, the database {found.get(key, 'nothing')}"
        for key in sorted(expected.keys() | found.keys())
        if expected.get(key) != found.get(key)
    ]
