"""Promises: which day the customer was told for a line, and every change with its cause."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from oms.columns import actor
from oms.models import User
from oms.triggers import append_only
from orders.models.orders import Order
from orders.models.remembering import remembered
from orders.status import PromiseCause

# The join proves the keys as well: it must find as many lines of the order as are named. Lines that an allocation has
# given the same days already are not written a second time. A line that was promised nothing from stock begins to wait.
PROMISED_FROM_LEDGER = """
    SELECT count(DISTINCT l.id), count(*) FILTER (
        WHERE (l.ship_on, l.promised_on, l.waits) IS DISTINCT FROM (n.ship_on, n.promised_on, l.open > 0)
        ) INTO found, other
    FROM new_rows n, unnest(n.lines) AS x(line_id) JOIN orders_orderline l ON l.id = x.line_id
    WHERE l.order_id = n.order_id;
    IF found <> (SELECT sum(cardinality(lines)) FROM new_rows) THEN
        RAISE EXCEPTION 'a promise names lines of its order, each once' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF other > 0 THEN
        UPDATE orders_orderline l SET ship_on = n.ship_on, promised_on = n.promised_on, waits = l.open > 0
        FROM new_rows n, unnest(n.lines) AS x(line_id)
        WHERE l.id = x.line_id
          AND (l.ship_on, l.promised_on, l.waits) IS DISTINCT FROM (n.ship_on, n.promised_on, l.open > 0);
    END IF;
    UPDATE orders_order o SET ship_on = d.ship_on
    FROM (SELECT l.order_id, min(l.ship_on) AS ship_on FROM orders_orderline l
          WHERE l.order_id IN (SELECT order_id FROM new_rows) GROUP BY 1) d
    WHERE o.id = d.order_id AND o.ship_on IS DISTINCT FROM d.ship_on;
    RETURN NULL;
"""


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> "PromiseQuerySet":
        return self.filter(order__in=Order.objects.visible_to(user))


class Promise(models.Model):
    """What holds for lines of an order from a moment on: they leave on `ship_on` and are there on `promised_on`.

    `quantities` are base units, one for each of `lines`. No days: nobody could name one. `expected_on` is when all of
    it was expected to leave as things stood then, and `brought_by` the document that brings the last of it. `document`
    is the one that caused the change. A line's own days are those of the last row that names it, and the order's is
    the first of them, kept by the trigger.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="promises", verbose_name=_("order")
    )
    lines = ArrayField(models.BigIntegerField(), verbose_name=_("lines"))
    quantities = ArrayField(models.BigIntegerField(), verbose_name=_("quantities"))
    ship_on = models.DateField(_("ships on"), null=True)
    promised_on = models.DateField(_("promised on"), null=True)
    expected_on = models.DateField(_("expected to leave on"), null=True)
    brought_by = models.CharField(_("brought by"), max_length=20, blank=True)
    cause = models.CharField(_("cause"), max_length=20, choices=PromiseCause.choices)
    document = models.CharField(_("document"), max_length=20, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [
            models.CheckConstraint(
                condition=Q(lines__len__gt=0, quantities__len=Func(F("lines"), function="cardinality")),
                name="promise_is_about_so_much_of_each_line",
            ),
            models.CheckConstraint(
                condition=Q(ship_on=None, promised_on=None)
                | Q(ship_on__isnull=False, promised_on__isnull=False, promised_on__gte=F("ship_on")),
                name="a_promise_has_both_days_or_none",
            ),
        ]
        indexes = [BrinIndex(fields=["ship_on"], name="promises_by_day", pages_per_range=16)]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="keep_promised",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                declare=[("found", "bigint"), ("other", "bigint")],
                func=PROMISED_FROM_LEDGER,
            ),
            *remembered("promise", "r.order_id", events=["insert"]),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.ship_on or '?'}"
