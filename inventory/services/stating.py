"""Stock as a file states it: what lies where now, when to buy again, and what is on its way."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from inventory.errors import NeedsSecondPerson
from inventory.models import Location, ReorderPolicy, Supplier, Warehouse
from inventory.services.adjusting import Difference, Why, apply, weighed, write_down
from inventory.services.levels import Level, Row, lock_levels
from inventory.services.losses import NO_ROOM
from inventory.services.moving import Cause, Move, require_available, standard_location, write_movements
from inventory.services.purchasing import Expected, record_purchase_order
from inventory.services.stock_there import RECEIVING, Place, There, bins_of, look_up, places_in
from inventory.status import SELLABLE, AdjustmentReason, LocationKind, MovementKind
from oms.importing.plans import Differences, Plan, Source, State, Upsert, in_batches
from oms.importing.problems import Problems
from oms.models import User
from oms.sets import insert_rows

STATED = frozenset({LocationKind.PICK, LocationKind.RESERVE, LocationKind.RECEIVING, LocationKind.QUARANTINE})
MADE = frozenset({LocationKind.PICK, LocationKind.RESERVE, LocationKind.QUARANTINE})
POLICY_FIELDS = ("product", "warehouse", "reorder_point", "order_up_to")

Part = tuple[State, Differences]
NOTHING: Part = (State.SAME, {})


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
    policies: Upsert = field(default_factory=lambda: Upsert(ReorderPolicy, POLICY_FIELDS, (0, 0, 0, 0)))
    inbound: dict[tuple[int, int], list[Expected]] = field(default_factory=dict)  # by supplier and warehouse


def check_stock(wanted: Sequence[WantedStock], problems: Problems, *, by: User | None) -> StockPlan:
    """Return what these rows change, noting what is wrong with them. Nothing is written."""
    there = look_up({stock.sku for stock in wanted}, {stock.warehouse for stock in wanted}, by)
    check = _Check(there, problems)
    for stock in wanted:
        check.take_in(stock)
    check.require_not_promised(wanted)
    if by is not None:
        check.require_within_limit(by)
    return check.plan


@dataclass(slots=True)
class _Check:
    """The rows looked at so far, and what they state together."""

    there: There
    problems: Problems
    plan: StockPlan = field(default_factory=StockPlan)
    seen: dict[tuple[object, ...], int] = field(default_factory=dict)
    taken: Counter[Row] = field(default_factory=Counter)
    changed: list[tuple[WantedStock, int, int, int]] = field(
        default_factory=list
    )  # product, location, difference

    def take_in(self, stock: WantedStock) -> None:
        """Add what a row states to the plan."""
        row = self._known(stock)
        if row is None:
            return
        parts = [self._quantity(stock, row), self._policy(stock, row), self._inbound(stock, row)]
        fields = {name: pair for _state, part in parts for name, pair in part.items()}
        state = max((state for state, _fields in parts), key=lambda state: state.value)
        label = f"{stock.sku} {stock.warehouse} {stock.location or ''}".strip()
        self.plan.count(stock.row, state, label, fields)

    def _known(self, stock: WantedStock) -> Row | None:
        product, warehouse = self.there.products.get(stock.sku), self.there.warehouses.get(stock.warehouse)
        if product is None:
            remedy = _("Import the product first, or correct it.")
            self.problems.add(stock.row, "sku", stock.sku, _("is not known."), remedy)
        if warehouse is None:
            codes = ", ".join(sorted(self.there.warehouses)[:10])
            remedy = _("Write one of: %(codes)s.") % {"codes": codes}
            self.problems.add(
                stock.row, "warehouse", stock.warehouse, _("is no warehouse you work in."), remedy
            )
        return None if product is None or warehouse is None else (product, warehouse)

    def _once(self, stock: WantedStock, column: str, key: tuple[object, ...]) -> bool:
        """Whether this row is the first to state this; a second one is noted."""
        earlier = self.seen.setdefault((column, *key), stock.row)
        if earlier == stock.row:
            return True
        rule = _("of %(sku)s stands in row %(row)s already.") % {"sku": stock.sku, "row": earlier}
        self.problems.add(stock.row, column, getattr(stock, column), rule, _("Keep one of the two rows."))
        return False

    def _quantity(self, stock: WantedStock, row: Row) -> Part:
        """Take in what a row states to lie in a location."""
        place = (row[1], stock.location or RECEIVING)
        if stock.quantity is None or not self._place_fits(stock, place):
            return NOTHING
        pk, kind = self.there.places.get(place, (0, self.plan.places.get(place, LocationKind.RECEIVING)))
        if not self._once(stock, "quantity", (row[0], pk or place)):
            return NOTHING
        self.plan.stated[row[0], place] = stock.quantity
        before = self.there.bins.get((row[0], pk))
        difference = stock.quantity - (before or 0)
        if kind in SELLABLE:
            self.taken[row] -= difference
        if not difference:
            return NOTHING
        if before is not None:
            self.changed.append((stock, row[0], pk, difference))
        return State.NEW if before is None else State.CHANGED, {"quantity": (before, stock.quantity)}

    def _place_fits(self, stock: WantedStock, place: Place) -> bool:
        """Whether stock may be stated there; a new location is taken in when its kind is given."""
        pk, kind = self.there.places.get(place, (0, self.plan.places.get(place, "")))
        if pk and kind not in STATED:
            rule = _("holds what the house is working on.")
            remedy = _("State what lies in bins; what is picked or suspect is counted on its own pages.")
        elif pk or kind or place[1] == RECEIVING:
            return True
        elif stock.location_kind in MADE:
            self.plan.places[place] = str(stock.location_kind)
            return True
        else:
            rule = _("is not known.")
            remedy = _("Correct it, or give its location_kind (pick, reserve) to make it.")
        self.problems.add(stock.row, "location", stock.location, rule, remedy)
        return False

    def _policy(self, stock: WantedStock, row: Row) -> Part:
        """Take in when to buy again. Without `order_up_to`, up to the point itself."""
        point, up_to = stock.reorder_point, stock.order_up_to
        if point is None:
            if up_to is not None:
                rule = _("needs a reorder_point.")
                self.problems.add(stock.row, "order_up_to", up_to, rule, _("Fill in both."))
            return NOTHING
        if not self._once(stock, "reorder_point", row):
            return NOTHING
        before = self.there.policies.get(row)
        if up_to is None:
            up_to = max(point, before[2] if before else 0)
        if up_to < point:
            rule = _("is less than the reorder_point.")
            remedy = _("Write %(n)s or more.") % {"n": point}
            self.problems.add(stock.row, "order_up_to", up_to, rule, remedy)
            return NOTHING
        found = None if before is None else (before[0], *row, *before[1:])
        state, fields = self.plan.policies.want((*row, point, up_to), found)
        return state, {name: pair for name, pair in fields.items() if name not in POLICY_FIELDS[:2]}

    def _inbound(self, stock: WantedStock, row: Row) -> Part:
        """Take in what is on its way: a purchase order when nothing is due yet."""
        if stock.on_order is None or not self._may_buy(stock):
            return NOTHING
        supplier = self._supplier(stock, row)
        if supplier is None or not self._once(stock, "on_order", (*row, supplier)):
            return NOTHING
        due = self.there.due.get((*row, supplier), 0)
        if due == stock.on_order:
            return NOTHING
        if due:
            rule = _("but %(n)s of %(sku)s are due already.") % {"n": due, "sku": stock.sku}
            remedy = _("Receive or cancel the purchase order that is open.")
            self.problems.add(stock.row, "on_order", stock.on_order, rule, remedy)
        elif stock.expected_on is None:
            rule, remedy = _("is needed for what is on order."), _("Write the day it comes.")
            self.problems.add(stock.row, "expected_on", "", rule, remedy)
        else:
            expected = Expected(row[0], stock.on_order, stock.expected_on)
            self.plan.inbound.setdefault((supplier, row[1]), []).append(expected)
            return State.NEW, {"on_order": (None, stock.on_order)}
        return NOTHING

    def _may_buy(self, stock: WantedStock) -> bool:
        if self.there.may_buy or not stock.on_order:
            return True
        rule, remedy = _("needs the right to place purchase orders."), _("Leave it empty, or ask a buyer.")
        self.problems.add(stock.row, "on_order", stock.on_order, rule, remedy)
        return False

    def _supplier(self, stock: WantedStock, row: Row) -> int | None:
        """Return who supplies: the one named, else the cheapest known; None, noted, when nobody does."""
        there = self.there
        found = there.suppliers.get(stock.supplier) if stock.supplier else there.usual.get(row[0])
        if found is None and (stock.on_order or stock.supplier):
            rule = _("is not known.") if stock.supplier else _("is needed for what is on order.")
            remedy = _("Write the supplier's code; the products file makes suppliers.")
            self.problems.add(stock.row, "supplier", stock.supplier, rule, remedy)
        return found

    def require_not_promised(self, wanted: Sequence[WantedStock]) -> None:
        """Note the rows that take stock away which is promised to orders."""
        there = self.there
        free = {row: there.available.get(row, 0) for row in self.taken}
        short = {row for row, taken in self.taken.items() if taken > max(free[row], 0)}
        for stock in wanted if short else ():
            row = (there.products.get(stock.sku, 0), there.warehouses.get(stock.warehouse, 0))
            if stock.quantity is not None and row in short:
                rule = _("takes away %(n)s of %(sku)s, of which %(free)s are not promised to orders.")
                values = {"n": self.taken[row], "sku": stock.sku, "free": free[row]}
                remedy = _("Cancel or change those orders first.")
                self.problems.add(stock.row, "quantity", stock.quantity, rule % values, remedy)

    def require_within_limit(self, by: User) -> None:
        """Note the rows that change more of what was stated before than one person may change alone."""
        if not self.changed:
            return
        places = _locations(pk for _stock, _product, pk, _difference in self.changed)
        differences = [Difference(product, places[pk], n) for _stock, product, pk, n in self.changed]
        for (stock, *_rest), one in zip(self.changed, weighed(differences, by=by), strict=True):
            if not one.within_limit:
                rule = _("differs by %(n)s from what lies there: more than one person may change alone.")
                remedy = _("Have it counted, or propose an adjustment on which somebody else decides.")
                n = abs(one.difference.quantity)
                self.problems.add(stock.row, "quantity", stock.quantity, rule % {"n": n}, remedy)


def _locations(ids: Iterable[int]) -> dict[int, Location]:
    return Location.objects.select_related("warehouse").in_bulk(set(ids))


def save_stock(plan: StockPlan, source: Source) -> None:
    """Write the plan. The caller is in a transaction and holds the turn of this kind of file."""
    _state_stock(plan, _make_places(plan), source)
    plan.policies.write()
    suppliers = Supplier.objects.in_bulk([supplier for supplier, _w in plan.inbound])
    warehouses = Warehouse.objects.in_bulk([warehouse for _s, warehouse in plan.inbound])
    for (supplier, warehouse), expected in plan.inbound.items():
        record_purchase_order(
            suppliers[supplier],
            warehouses[warehouse],
            expected,
            by=source.by,
            note=source.name[:200],
            is_confirmed=True,
        )


def _make_places(plan: StockPlan) -> dict[Place, tuple[int, str]]:
    """Make the locations that are missing. Return the id and kind of every location that is stated."""
    new = list(plan.places)
    columns: dict[str, list[object]] = {
        "warehouse_id": [warehouse for warehouse, _code in new],
        "code": [code for _warehouse, code in new],
        "kind": [plan.places[place] for place in new],
    }
    insert_rows(Location, columns, walk_order=0)
    wanted = {place for _product, place in plan.stated}
    found = places_in({warehouse for warehouse, _code in wanted})
    for warehouse, code in wanted - found.keys():
        place = standard_location(warehouse, LocationKind.RECEIVING)
        found[warehouse, code] = (place.pk, place.kind)
    return found


@dataclass(frozen=True, slots=True)
class Stated:
    """What a location holds of a product, as it was found under the lock and as the file states it."""

    row: Row
    location_id: int
    kind: str
    before: int | None
    quantity: int

    @property
    def difference(self) -> int:
        return self.quantity - (self.before or 0)

    @property
    def move(self) -> Move:
        ends = (None, self.location_id) if self.difference > 0 else (self.location_id, None)
        return Move(self.row[0], abs(self.difference), *ends)


def _state_stock(plan: StockPlan, places: Mapping[Place, tuple[int, str]], source: Source) -> None:
    """Let each bin hold what is stated: what was never stated is received, the rest is a difference of a count."""
    levels = lock_levels((product, place[0]) for product, place in plan.stated)
    bins = bins_of(product for product, _place in plan.stated)
    stated = [
        Stated((product, place[0]), *places[place], bins.get((product, places[place][0])), quantity)
        for (product, place), quantity in plan.stated.items()
    ]
    _require_not_promised(stated, levels, source)
    _write(MovementKind.RECEIVE, [one for one in stated if one.before is None and one.difference], source)
    counted = [one for one in stated if one.before is not None and one.difference]
    if source.by is None:
        _write(MovementKind.COUNT, [one for one in counted if one.difference > 0], source)
        _write(MovementKind.COUNT, [one for one in counted if one.difference < 0], source)
    elif counted:
        _adjust(counted, source.name, by=source.by)


def _require_not_promised(stated: Sequence[Stated], levels: Mapping[Row, Level], source: Source) -> None:
    taken: Counter[Row] = Counter()
    for one in stated:
        if one.kind in SELLABLE:
            taken[one.row] -= one.difference
    require_available(levels, {row: n for row, n in taken.items() if n > 0}, source.document)


def _write(kind: MovementKind, stated: Sequence[Stated], source: Source) -> None:
    cause = Cause(source.document, source.by, source.name)
    for batch in in_batches([one.move for one in stated]):
        write_movements(kind, batch, cause)


def _adjust(stated: Sequence[Stated], name: str, *, by: User) -> None:
    """Adjust what a person's file states otherwise; raise NeedsSecondPerson when somebody changed it meanwhile so
    that the difference is above the limit now."""
    places = _locations(one.location_id for one in stated)
    rows = weighed([Difference(one.row[0], places[one.location_id], one.difference) for one in stated], by=by)
    if not all(row.within_limit for row in rows):
        raise NeedsSecondPerson(_("Stock has changed meanwhile; check the file again."))
    levels = lock_levels(one.row for one in stated)  # as they are now that the rest of the file is received
    apply(write_down(rows, Why(AdjustmentReason.OTHER, name[:200]), by=by), levels, room=NO_ROOM, by=None)
