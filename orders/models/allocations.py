"""Allocations: stock on hand promised to a line, and the balances their triggers keep."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inventory.models import StockLevel
from oms.documents import LockedQuerySet
from oms.triggers import keeps_balance, kept_by_trigger, never_deleted, proves_keys
from orders.models.orders import OrderLine
from orders.models.remembering import at_its_moment

DAYS_FROM_ALLOCATIONS = """,
        ship_on = coalesce(d.ship_on, l.ship_on), promised_on = coalesce(d.promised_on, l.promised_on)"""
BALANCES_FROM_ALLOCATIONS = """
    UPDATE inventory_stocklevel s SET allocated = s.allocated + d.held
    FROM (SELECT stock_level_id, sum(sign * (allocated + picked + packed)) AS held
          FROM ({delta}) r GROUP BY 1) d
    WHERE s.id = d.stock_level_id AND d.held <> 0;

    WITH changed AS (
    UPDATE orders_orderline l SET allocated = l.allocated + d.allocated, picked = l.picked + d.picked,
        packed = l.packed + d.packed, shipped = l.shipped + d.shipped,
        waits = l.open > d.allocated + d.picked + d.packed + d.shipped{days}
    FROM (SELECT line_id, sum(sign * allocated) AS allocated, sum(sign * picked) AS picked,
                 sum(sign * packed) AS packed, sum(sign * shipped) AS shipped,
                 max(ship_on) AS ship_on, max(promised_on) AS promised_on
          FROM ({delta}) r GROUP BY 1) d
    WHERE l.id = d.line_id AND (d.allocated <> 0 OR d.picked <> 0 OR d.packed <> 0 OR d.shipped <> 0)
    RETURNING l.order_id AS document, l.id, d.allocated, d.picked, d.packed, d.shipped)
    {moment}
    INSERT INTO orders_ordermoved (moment_id, lines, allocated, picked, packed, shipped)
    SELECT m.id, array_agg(c.id), {buckets} FROM changed c JOIN moment m ON m.document_id = c.document
    WHERE NOT m.begins GROUP BY m.id;
    RETURN NULL;
""".replace("{moment}", at_its_moment("order")).replace(
    "{buckets}",
    ", ".join(
        f"CASE WHEN bool_or(c.{bucket} <> 0) THEN array_agg(c.{bucket}::bigint) ELSE '{{}}' END"
        for bucket in ("allocated", "picked", "packed", "shipped")
    ),
)


class Allocation(models.Model):
    """Stock of one level promised to one line, in the bucket it has reached.

    `released` is the part of `allocated` that open shipments have taken up, kept by their trigger:
    what the warehouse works on is never taken away silently. `ship_on` and `promised_on` are the days promised together
    with it; the insert hands them to the line, so that confirming writes each line once.
    """

    line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="allocations",
        verbose_name=_("order line"),
    )
    stock_level = models.ForeignKey(
        StockLevel,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="allocations",
        verbose_name=_("stock level"),
    )
    allocated = models.BigIntegerField(_("allocated"), default=0, db_default=0)
    picked = models.BigIntegerField(_("picked"), default=0, db_default=0)
    packed = models.BigIntegerField(_("packed"), default=0, db_default=0)
    shipped = models.BigIntegerField(_("shipped"), default=0, db_default=0)
    released = models.BigIntegerField(_("released"), default=0, db_default=0)
    ship_on = models.DateField(_("promised to leave on"), null=True, editable=False)
    promised_on = models.DateField(_("promised for"), null=True, editable=False)

    objects = LockedQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.UniqueConstraint(fields=["line", "stock_level"], name="one_allocation_per_line_and_level"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, picked__gte=0, packed__gte=0, shipped__gte=0),
                name="no_bucket_of_an_allocation_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(released__gte=0, released__lte=F("allocated")),
                name="never_release_more_than_allocated",
            ),
        ]
        triggers = [
            never_deleted(),
            proves_keys(line="orders_orderline", stock_level="inventory_stocklevel"),
            *keeps_balance(
                "keep_allocated",
                BALANCES_FROM_ALLOCATIONS.replace("{days}", DAYS_FROM_ALLOCATIONS),
                events=["insert"],
            ),
            *keeps_balance(
                "keep_allocated", BALANCES_FROM_ALLOCATIONS.replace("{days}", ""), events=["update", "delete"]
            ),
            *kept_by_trigger("released"),
            pgtrigger.Trigger(
                name="line_and_level_never_change",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.line_id IS DISTINCT FROM OLD.line_id OR NEW.stock_level_id IS DISTINCT FROM OLD.stock_level_id"
                ),
                func="RAISE EXCEPTION 'an allocation keeps its line and its stock level' "
                "USING ERRCODE = 'check_violation';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.stock_level}"
