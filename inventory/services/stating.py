"""Stock as a file states it: what lies where now, when to buy again, and what is on its way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from inventory.models import (
    BinStock,
    Location,
    Product,
    PurchaseOrderLine,
    ReorderPolicy,
    StockLevel,
    Supplier,
    SupplierProduct,
    Warehouse,
)
from inventory.services.levels import Row, lock_levels
from inventory.services.moving import Cause, Move, require_available, standard_location, write_movements
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.status import SELLABLE, LocationKind, MovementKind, PurchaseStatus
from oms.importing.plans import Differences, Plan, Source, State, Upsert, in_batches, of_all
from oms.importing.problems import Problems
from oms.sets import insert_rows

STATED = frozenset({LocationKind.PICK, LocationKind.RESERVE, LocationKind.RECEIVING, LocationKind.QUARANTINE})
MADE = frozenset({LocationKind.PICK, LocationKind.RESERVE, LocationKind.QUARANTINE})
RECEIVING = ""  # stands for the warehouse's receiving location

Place = tuple[int, str]  # warehouse, code of the location


@dataclass(frozen=True, slots=True)
class WantedStock:
    """What a row states of a product in a warehouse, in base units; None says nothing."""

    row: int
    sku: str
    warehouse: str
    location: str | None = None
    location_kind: str | None = None
    quantity: int | None = None
    reorder_point: int | None = None
    order_up_to: int | None = None
    on_order: int | None = None
    expected_on: date | None = None
    supplier: str | None = None


@dataclass(slots=True)
class StockPlan(Plan):
    """What the rows change. Differences of stock are found again under lock when they are written."""

    places: dict[Place, str] = field(default_factory=dict)
    stated: dict[tuple[int, Place], int] = field(default_factory=dict)
    policies: Upsert = field(
        default_factory=lambda: Upsert(
            ReorderPolicy, ("product", "warehouse", "reorder_point", "order_up_to"), (0, 0, 0, 0)
        )
    )
    inbound: dict[tuple[int, int], list[Expected]] = field(default_factory=dict)  # by supplier and warehouse


@dataclass(frozen=True, slots=True)
class _There:
    """What is in the database of what the rows name."""

    products: Mapping[str, int]
    warehouses: Mapping[str, int]
    suppliers: Mapping[str, int]
    usual: Mapping[int, int]
    places: Mapping[Place, tuple[int, str]]
    bins: Mapping[tuple[int, int], int]
    policies: Mapping[Row, tuple[int, int, int]]
    due: Mapping[tuple[int, int, int], int]
    available: Mapping[Row, int]


def check_stock(wanted: Sequence[WantedStock], problems: Problems) -> StockPlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    plan, there = StockPlan(), _look_up(wanted)
    seen: dict[tuple[object, ...], int] = {}
    taken: Counter[Row] = Counter()
    for stock in wanted:
        product, warehouse = _known(stock, there, problems)
        if product and warehouse:
            parts = [
                _state(stock, (product, warehouse), there, plan, seen, taken, problems),
                _plan_policy(stock, (product, warehouse), there, plan, seen, problems),
                _plan_inbound(stock, (product, warehouse), there, plan, seen, problems),
            ]
            fields: Differences = {}
            for part in parts:
                fields |= part[1]
            label = f"{stock.sku} {stock.warehouse} {stock.location or ''}".strip()
            plan.count(stock.row, of_all([_greatest(parts)]), label, fields)
    _require_not_promised(wanted, taken, there, problems)
    return plan


def _greatest(parts: Iterable[tuple[State, Differences]]) -> State:
    return max((state for state, _fields in parts), key=lambda state: state.value)


def _look_up(wanted: Sequence[WantedStock]) -> _There:
    products: dict[str, int] = {}
    for batch in in_batches(sorted({stock.sku for stock in wanted})):
        products.update(Product.objects.filter(sku__in=batch).order_by().values_list("sku", "pk"))
    warehouses = dict(Warehouse.objects.order_by().values_list("code", "pk"))
    ids = sorted({warehouses[stock.warehouse] for stock in wanted if stock.warehouse in warehouses})
    mine = {"warehouse__in": ids}
    places = {
        (warehouse, RECEIVING if kind == LocationKind.RECEIVING and not code else code): (pk, kind)
        for pk, warehouse, code, kind in Location.objects.filter(**mine)
        .order_by()
        .values_list("pk", "warehouse_id", "code", "kind")
    }
    for (warehouse, _code), (pk, kind) in list(places.items()):
        if kind == LocationKind.RECEIVING:
            places[warehouse, RECEIVING] = (pk, kind)
    found = _of_products(sorted(products.values()), ids)
    return _There(products, warehouses, _suppliers(), found[0], places, *found[1:])


def _suppliers() -> dict[str, int]:
    return dict(Supplier.objects.order_by().values_list("code", "pk"))


def _of_products(
    products: Sequence[int], warehouses: Sequence[int]
) -> tuple[
    dict[int, int],
    dict[tuple[int, int], int],
    dict[Row, tuple[int, int, int]],
    dict[tuple[int, int, int], int],
    dict[Row, int],
]:
    """Return usual suppliers, bins, policies, what is due, and what is available, of these products."""
    usual: dict[int, int] = {}
    bins: dict[tuple[int, int], int] = {}
    policies: dict[Row, tuple[int, int, int]] = {}
    due: Counter[tuple[int, int, int]] = Counter()
    available: dict[Row, int] = {}
    for batch in in_batches(products):
        some = {"product__in": batch}
        rows = SupplierProduct.objects.filter(**some).order_by("-cost", "-pk")
        usual.update(rows.values_list("product_id", "supplier_id"))
        held = BinStock.objects.filter(**some, location__warehouse__in=warehouses).order_by()
        bins.update(
            {(p, place): n for p, place, n in held.values_list("product_id", "location_id", "quantity")}
        )
        there = ReorderPolicy.objects.filter(**some, warehouse__in=warehouses).order_by()
        for product, place, *values in there.values_list(
            "product_id", "warehouse_id", "pk", "reorder_point", "order_up_to"
        ):
            policies[product, place] = (values[0], values[1], values[2])
        lines = PurchaseOrderLine.objects.filter(
            **some, due__gt=0, purchase_order__status=PurchaseStatus.OPEN
        )
        for product, place, supplier, open_ in lines.order_by().values_list(
            "product_id", "purchase_order__warehouse_id", "purchase_order__supplier_id", "due"
        ):
            due[product, place, supplier] += open_
        levels = StockLevel.objects.filter(**some, warehouse__in=warehouses).order_by()
        available.update(
            {(p, w): n for p, w, n in levels.values_list("product_id", "warehouse_id", "available")}
        )
    return usual, bins, policies, due, available


def _known(stock: WantedStock, there: _There, problems: Problems) -> tuple[int | None, int | None]:
    product, warehouse = there.products.get(stock.sku), there.warehouses.get(stock.warehouse)
    if product is None:
        problems.add(
            stock.row, "sku", stock.sku, _("is not known."), _("Import the product first, or correct it.")
        )
    if warehouse is None:
        codes = ", ".join(sorted(there.warehouses)[:10])
        problems.add(
            stock.row,
            "warehouse",
            stock.warehouse,
            _("is not known."),
            _("Write one of: %(codes)s.") % {"codes": codes},
        )
    return product, warehouse


def _stated_once(
    stock: WantedStock,
    column: str,
    key: tuple[object, ...],
    seen: dict[tuple[object, ...], int],
    problems: Problems,
) -> bool:
    """Note it when another row states the same thing."""
    earlier = seen.setdefault((column, *key), stock.row)
    if earlier == stock.row:
        return True
    problems.add(
        stock.row,
        column,
        getattr(stock, column),
        _("of %(sku)s stands in row %(row)s already.") % {"sku": stock.sku, "row": earlier},
        _("Keep one of the two rows."),
    )
    return False


def _state(
    stock: WantedStock,
    row: Row,
    there: _There,
    plan: StockPlan,
    seen: dict[tuple[object, ...], int],
    taken: Counter[Row],
    problems: Problems,
) -> tuple[State, Differences]:
    """Take in the quantity a row states for a location."""
    product, warehouse = row
    place = (warehouse, stock.location or RECEIVING)
    if stock.quantity is None or not _require_place(stock, place, there, plan, problems):
        return State.SAME, {}
    if not _stated_once(stock, "quantity", (product, place), seen, problems):
        return State.SAME, {}
    plan.stated[product, place] = stock.quantity
    pk, kind = there.places.get(place, (0, LocationKind.RECEIVING))
    before = there.bins.get((product, pk))
    difference = stock.quantity - (before or 0)
    if kind in SELLABLE:
        taken[row] -= difference
    if not difference:
        return State.SAME, {}
    return State.NEW if before is None else State.CHANGED, {"quantity": (before, stock.quantity)}


def _require_place(
    stock: WantedStock, place: Place, there: _There, plan: StockPlan, problems: Problems
) -> bool:
    """Note it when a location cannot hold what is stated, or is not known and no kind makes it."""
    pk, kind = there.places.get(place, (0, plan.places.get(place, "")))
    if not pk and not kind and place[1] != RECEIVING:
        if stock.location_kind in MADE:
            plan.places[place] = str(stock.location_kind)
            return True
        rule, remedy = (
            _("is not known."),
            _("Correct it, or give its location_kind (pick, reserve) to make it."),
        )
    elif pk and kind not in STATED:
        rule = _("holds what the house is working on.")
        remedy = _("State what lies in bins; what is picked or suspect is counted on its own pages.")
    else:
        return True
    problems.add(stock.row, "location", stock.location, rule, remedy)
    return False


def _plan_policy(
    stock: WantedStock,
    row: Row,
    there: _There,
    plan: StockPlan,
    seen: dict[tuple[object, ...], int],
    problems: Problems,
) -> tuple[State, Differences]:
    """Take in when a row wants to buy again. Without `order_up_to`, up to the point itself."""
    if stock.reorder_point is None:
        if stock.order_up_to is not None:
            problems.add(
                stock.row, "order_up_to", stock.order_up_to, _("needs a reorder_point."), _("Fill in both.")
            )
        return State.SAME, {}
    if not _stated_once(stock, "reorder_point", row, seen, problems):
        return State.SAME, {}
    before = there.policies.get(row)
    up_to = stock.order_up_to
    if up_to is None:
        up_to = max(stock.reorder_point, before[2] if before else 0)
    if up_to < stock.reorder_point:
        rule = _("is less than the reorder_point.")
        problems.add(
            stock.row, "order_up_to", up_to, rule, _("Write %(n)s or more.") % {"n": stock.reorder_point}
        )
        return State.SAME, {}
    found = None if before is None else (before[0], *row, *before[1:])
    state, fields = plan.policies.want((*row, stock.reorder_point, up_to), found)
    return state, {name: pair for name, pair in fields.items() if name not in {"product", "warehouse"}}


def _plan_inbound(
    stock: WantedStock,
    row: Row,
    there: _There,
    plan: StockPlan,
    seen: dict[tuple[object, ...], int],
    problems: Problems,
) -> tuple[State, Differences]:
    """Take in what a row says is on its way: a purchase order when nothing is due yet."""
    supplier = _supplier_of(stock, row, there, problems) if stock.on_order is not None else None
    if stock.on_order is None or supplier is None:
        return State.SAME, {}
    if not _stated_once(stock, "on_order", (*row, supplier), seen, problems):
        return State.SAME, {}
    due = there.due.get((*row, supplier), 0)
    if due == stock.on_order:
        return State.SAME, {}
    if due:
        problems.add(
            stock.row,
            "on_order",
            stock.on_order,
            _("but %(n)s of %(sku)s are due already.") % {"n": due, "sku": stock.sku},
            _("Receive or cancel the purchase order that is open."),
        )
    elif stock.expected_on is None:
        problems.add(
            stock.row, "expected_on", "", _("is needed for what is on order."), _("Write the day it comes.")
        )
    else:
        expected = Expected(row[0], stock.on_order, stock.expected_on)
        plan.inbound.setdefault((supplier, row[1]), []).append(expected)
        return State.NEW, {"on_order": (None, stock.on_order)}
    return State.SAME, {}


def _supplier_of(stock: WantedStock, row: Row, there: _There, problems: Problems) -> int | None:
    """Return who supplies: the one named, else the cheapest known; None, noted, when there is nobody."""
    found = there.suppliers.get(stock.supplier) if stock.supplier else there.usual.get(row[0])
    if found is None and (stock.on_order or stock.supplier):
        problems.add(
            stock.row,
            "supplier",
            stock.supplier,
            _("is not known.") if stock.supplier else _("is needed for what is on order."),
            _("Write the supplier's code; the products file makes suppliers."),
        )
    return found


def _require_not_promised(
    wanted: Sequence[WantedStock], taken: Counter[Row], there: _There, problems: Problems
) -> None:
    """Note the rows that would take stock away which is promised to orders."""
    short = {
        row: there.available.get(row, 0)
        for row, n in taken.items()
        if n > max(there.available.get(row, 0), 0)
    }
    for stock in wanted if short else ():
        row = (there.products.get(stock.sku, 0), there.warehouses.get(stock.warehouse, 0))
        if stock.quantity is not None and row in short:
            problems.add(
                stock.row,
                "quantity",
                stock.quantity,
                _("takes away %(n)s of %(sku)s, of which %(free)s are not promised to orders.")
                % {"n": taken[row], "sku": stock.sku, "free": short[row]},
                _("Cancel or change those orders first."),
            )


def save_stock(plan: StockPlan, source: Source) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    places = _make_places(plan)
    _state_stock(plan, places, source)
    plan.policies.write()
    suppliers = Supplier.objects.in_bulk([supplier for supplier, _w in plan.inbound])
    warehouses = Warehouse.objects.in_bulk([warehouse for _s, warehouse in plan.inbound])
    for (supplier, warehouse), expected in plan.inbound.items():
        place_purchase_order(
            suppliers[supplier], warehouses[warehouse], expected, by=source.by, note=source.name[:200]
        )


def _make_places(plan: StockPlan) -> dict[Place, tuple[int, str]]:
    """Make the locations that are missing. Return the id and kind of every location that is stated."""
    new = list(plan.places)
    insert_rows(
        Location,
        {
            "warehouse_id": [warehouse for warehouse, _code in new],
            "code": [code for _warehouse, code in new],
            "kind": [plan.places[place] for place in new],
        },
        walk_order=0,
    )
    wanted = {place for _product, place in plan.stated}
    warehouses = {warehouse for warehouse, _code in wanted}
    rows = Location.objects.filter(warehouse__in=warehouses).order_by()
    found = {
        (warehouse, code): (pk, kind)
        for pk, warehouse, code, kind in rows.values_list("pk", "warehouse_id", "code", "kind")
    }
    for warehouse, code in wanted:
        if code == RECEIVING:
            place = standard_location(warehouse, LocationKind.RECEIVING)
            found[warehouse, code] = (place.pk, place.kind)
    return found


def _state_stock(plan: StockPlan, places: Mapping[Place, tuple[int, str]], source: Source) -> None:
    """Write the movements that make each bin hold what is stated, found under the lock of its stock level."""
    levels = lock_levels((product, place[0]) for product, place in plan.stated)
    first: list[Move] = []
    more: list[Move] = []
    less: list[Move] = []
    taken: Counter[Row] = Counter()
    bins = _bins_now([product for product, _place in plan.stated])
    for (product, place), quantity in plan.stated.items():
        pk, kind = places[place]
        before = bins.get((product, pk))
        difference = quantity - (before or 0)
        if kind in SELLABLE:
            taken[product, place[0]] -= difference
        if difference > 0:
            (first if before is None else more).append(Move(product, difference, None, pk))
        elif difference < 0:
            less.append(Move(product, -difference, pk, None))
    require_available(levels, {row: n for row, n in taken.items() if n > 0}, source.document)
    cause = Cause(source.document, source.by, source.name)
    for kind_, moves in (
        (MovementKind.RECEIVE, first),
        (MovementKind.COUNT, more),
        (MovementKind.COUNT, less),
    ):
        for batch in in_batches(moves):
            write_movements(kind_, batch, cause)


def _bins_now(products: Sequence[int]) -> dict[tuple[int, int], int]:
    bins: dict[tuple[int, int], int] = {}
    for batch in in_batches(sorted(set(products))):
        rows = (
            BinStock.objects.filter(product__in=batch)
            .order_by()
            .values_list("product_id", "location_id", "quantity")
        )
        bins.update({(product, place): quantity for product, place, quantity in rows})
    return bins
