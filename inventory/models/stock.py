"""The stock ledger and the balances its triggers keep."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from inventory.models.catalogue import Product
from inventory.models.places import Location, Warehouse
from inventory.status import SELLABLE, LocationKind, MovementKind
from oms.columns import actor
from oms.documents import LockedQuerySet
from oms.models import User
from oms.triggers import append_only, keeps_balance, kept_by_trigger, never_deleted

SELLABLE_KINDS = ", ".join(f"'{kind}'" for kind in sorted(SELLABLE))

# Zero rows first, then plain updates: an upsert of a negative quantity would trip the CHECK on its way in.
BALANCES_FROM_MOVEMENTS = f"""
    INSERT INTO inventory_binstock (product_id, location_id, quantity)
    SELECT product_id, location_id, 0 FROM (
        SELECT product_id, to_location_id AS location_id FROM new_rows WHERE to_location_id IS NOT NULL
        UNION SELECT product_id, from_location_id FROM new_rows WHERE from_location_id IS NOT NULL) n
    WHERE NOT EXISTS (
        SELECT FROM inventory_binstock b WHERE b.product_id = n.product_id AND b.location_id = n.location_id)
    ON CONFLICT DO NOTHING;

    INSERT INTO inventory_stocklevel (product_id, warehouse_id, on_hand, allocated)
    SELECT DISTINCT n.product_id, l.warehouse_id, 0, 0
    FROM new_rows n JOIN inventory_location l ON l.id = n.to_location_id
    WHERE l.kind IN ({SELLABLE_KINDS}) AND NOT EXISTS (
        SELECT FROM inventory_stocklevel s WHERE s.product_id = n.product_id AND s.warehouse_id = l.warehouse_id)
    ON CONFLICT DO NOTHING;

    WITH moved AS MATERIALIZED (
        SELECT product_id, location_id, sum(quantity) AS quantity FROM (
            SELECT product_id, to_location_id AS location_id, quantity FROM new_rows WHERE to_location_id IS NOT NULL
            UNION ALL
            SELECT product_id, from_location_id, -quantity FROM new_rows WHERE from_location_id IS NOT NULL) m
        GROUP BY 1, 2 HAVING sum(quantity) <> 0
    ), bins AS (
        UPDATE inventory_binstock b SET quantity = b.quantity + m.quantity
        FROM moved m WHERE b.product_id = m.product_id AND b.location_id = m.location_id
    ), sellable AS (
        SELECT m.product_id, l.warehouse_id, sum(m.quantity) AS quantity
        FROM moved m JOIN inventory_location l ON l.id = m.location_id
        WHERE l.kind IN ({SELLABLE_KINDS}) GROUP BY 1, 2 HAVING sum(m.quantity) <> 0
    )
    UPDATE inventory_stocklevel s SET on_hand = s.on_hand + d.quantity
    FROM sellable d WHERE s.product_id = d.product_id AND s.warehouse_id = d.warehouse_id;
    RETURN NULL;
"""  # noqa: S608  our own words


class BinStockQuerySet(LockedQuerySet["BinStock"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_binstock") else self.none()

    def pickable(self) -> Self:
        """Bins a picker may be sent to, in walk order."""
        kinds = [LocationKind.PICK, LocationKind.RESERVE, LocationKind.RECEIVING]
        return self.filter(location__kind__in=kinds, quantity__gt=0).order_by("location__walk_order", "pk")

    def to_put_away(self) -> Self:
        """The work list of putting away: what lies in receiving and no picker comes for, by warehouse and SKU."""
        return self.filter(location__kind=LocationKind.RECEIVING, quantity__gt=F("claimed")).order_by(
            "location__warehouse__code", "product__sku"
        )


class BinStock(models.Model):
    """What physically lies in a location, kept by the movements' trigger; `claimed` of it, kept by what picks.

    Nobody takes what is claimed: who is sent to a bin finds there what he is sent for.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="bins", verbose_name=_("product")
    )
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, related_name="bins", verbose_name=_("location")
    )
    quantity = models.BigIntegerField(_("quantity"), default=0)
    claimed = models.BigIntegerField(_("claimed"), default=0, db_default=0)

    objects = BinStockQuerySet.as_manager()

    class Meta:
        verbose_name = _("bin stock")
        verbose_name_plural = _("bin stock")
        constraints = [
            models.UniqueConstraint(fields=["product", "location"], name="one_row_per_product_and_location"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="never_less_than_nothing_in_a_bin"),
            models.CheckConstraint(
                condition=Q(claimed__gte=0, claimed__lte=F("quantity")),
                name="never_take_what_a_picker_comes_for",
            ),
        ]
        triggers = [*kept_by_trigger("quantity", "claimed"), never_deleted()]

    def __str__(self) -> str:
        return f"{self.location}: {self.quantity}"

    @property
    def free(self) -> int:
        """How many base units no picker comes for."""
        return self.quantity - self.claimed


class StockLevelQuerySet(LockedQuerySet["StockLevel"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_stocklevel") else self.none()


class StockLevel(models.Model):
    """Sellable stock of a product in a warehouse: `on_hand` kept by movements, `allocated` by allocations.

    `channel_buffer` of it is for no order; it is kept by the reorder policies. `held` is what quotes hold, kept by
    their holds: no other order is given it, but it is no wall against the floor.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, related_name="levels", verbose_name=_("product")
    )
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.PROTECT, related_name="levels", verbose_name=_("warehouse")
    )
    on_hand = models.BigIntegerField(_("on hand"), default=0)
    allocated = models.BigIntegerField(_("allocated"), default=0)
    available = models.GeneratedField(
        expression=F("on_hand") - F("allocated"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("available"),
    )
    channel_buffer = models.BigIntegerField(_("for other channels"), default=0, db_default=0)
    held = models.BigIntegerField(_("held for quotes"), default=0, db_default=0)

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        permissions = [
            ("receive_stock", _("Can receive stock")),
            ("adjust_stock", _("Can adjust stock")),
            ("move_stock", _("Can move stock between locations")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "warehouse"], name="one_level_per_product_and_warehouse"
            ),
            models.CheckConstraint(condition=Q(allocated__gte=0), name="never_allocate_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(allocated__lte=F("on_hand")), name="never_promise_more_than_on_hand"
            ),
            models.CheckConstraint(condition=Q(channel_buffer__gte=0), name="never_keep_less_than_nothing"),
            models.CheckConstraint(condition=Q(held__gte=0), name="never_hold_less_than_nothing"),
        ]
        triggers = [*kept_by_trigger("on_hand", "allocated", "channel_buffer", "held"), never_deleted()]

    def __str__(self) -> str:
        return f"{self.product.sku} {self.warehouse.code}: {self.available}"

    @property
    def free(self) -> int:
        """What orders may still be given: what is available, not kept for other channels and not held by quotes."""
        return max(0, int(self.available) - self.channel_buffer - self.held)


class StockMovementQuerySet(models.QuerySet["StockMovement"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("inventory.view_stockmovement") else self.none()

    def transfers(self) -> Self:
        return self.filter(kind=MovementKind.TRANSFER)


class StockMovement(models.Model):
    """One line of the stock ledger: so many base units went from here to there because of a document.

    Nothing on the one side means they came into or left the house. Corrections are new movements.
    Product and locations have no keys of their own: its trigger gives both ends a bin row, which has them.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=MovementKind.choices)
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_index=False, db_constraint=False, verbose_name=_("product")
    )
    from_location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("from"),
    )
    to_location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("to"),
    )
    quantity = models.BigIntegerField(_("quantity"))
    document = models.CharField(_("document"), max_length=40, help_text=_("the number of what caused it"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = StockMovementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [
            models.Index(fields=["product", "-id"], name="movements_of_a_product"),
            models.Index(fields=["document"], name="movements_of_a_document"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="movement_moves_something"),
            models.CheckConstraint(
                condition=(
                    Q(kind=MovementKind.RECEIVE, from_location=None, to_location__isnull=False)
                    | Q(kind=MovementKind.RETURN, from_location=None, to_location__isnull=False)
                    | Q(kind=MovementKind.ISSUE, from_location__isnull=False, to_location=None)
                    | Q(kind=MovementKind.TRANSFER, from_location__isnull=False, to_location__isnull=False)
                    | (
                        Q(kind__in=[MovementKind.ADJUST, MovementKind.COUNT])
                        & (
                            Q(from_location=None, to_location__isnull=False)
                            | Q(from_location__isnull=False, to_location=None)
                        )
                    )
                ),
                name="movement_goes_where_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(from_location=None) | Q(to_location=None) | ~Q(from_location=F("to_location")),
                name="movement_goes_somewhere_else",
            ),
        ]
        triggers = [
            *append_only(),
            *keeps_balance("keep_on_hand", BALANCES_FROM_MOVEMENTS, events=["insert"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity} {self.product.sku}"
