"""What the lines of quotes and orders share: a product, a quantity, a frozen price and its trace."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models import AgreementLine
from inventory.models import Product, ProductUnit
from oms.money import EXACT, HUNDRED, round_half_up

LONGEST_NOTE = 200
PRICE_DECIMALS = 6


class PricedLine(models.Model):
    """`ordered` counts base units; `unit_price` is per sales unit; `amount` is net of the line's discounts.

    `discount_percent` is what they come to, one after the other. `document_discount` is this line's part of the
    discount on the whole document. Without a `tax_percent` it is not taxed, or nobody knows the rate.
    The `note` is for the customer, who reads it wherever the line is printed.
    No `unit_price` means that nothing prices the line yet: a draft may hold it, nothing else. A line at the price of an
    agreement names it, and is drawn from it at confirmation.
    """

    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, verbose_name=_("product"))
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, db_index=False, verbose_name=_("unit"))
    ordered = models.BigIntegerField(_("ordered"))
    list_price = models.DecimalField(_("list price"), max_digits=18, decimal_places=6, null=True)
    unit_price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6, null=True)
    discount_percent = models.DecimalField(
        _("discount %"), max_digits=19, decimal_places=16, default=Decimal(0)
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4)
    document_discount = models.DecimalField(
        _("part of the document's discount"),
        max_digits=18,
        decimal_places=4,
        default=0,
        db_default=0,
        editable=False,
    )
    tax_percent = models.DecimalField(_("tax %"), max_digits=7, decimal_places=4, null=True, editable=False)
    note = models.CharField(
        _("note"), max_length=LONGEST_NOTE, blank=True, default="", db_default="", editable=False
    )
    unit_cost = models.DecimalField(
        _("cost per base unit"), max_digits=18, decimal_places=6, default=Decimal(0), editable=False
    )
    trace = models.JSONField(_("price trace"), default=dict, editable=False)
    agreement_line = models.ForeignKey(
        AgreementLine,
        on_delete=models.PROTECT,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("agreement"),
    )

    class Meta:
        abstract = True
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.product.sku}"

    @property
    def quantity(self) -> Fraction:
        """The quantity in the sales unit, exactly."""
        return Fraction(self.ordered * self.unit.denominator, self.unit.numerator)

    @property
    def wanted(self) -> int:
        """What is to be delivered and paid for, in base units: what was ordered and is not cancelled."""
        return int(self.ordered - getattr(self, "cancelled", 0))

    @property
    def net(self) -> Decimal:
        """What the line comes to after every discount."""
        return self.amount - self.document_discount

    @property
    def net_price(self) -> Decimal | None:
        """What a sales unit costs once the line's discounts are taken off, to the decimals of a price."""
        if self.unit_price is None or not self.discount_percent:
            return self.unit_price
        kept = EXACT.subtract(HUNDRED, self.discount_percent)
        return round_half_up(EXACT.divide(EXACT.multiply(self.unit_price, kept), HUNDRED), PRICE_DECIMALS)

    @property
    def discounts(self) -> tuple[Decimal, ...]:
        """The discounts as they were given, one after the other."""
        if several := self.trace.get("discounts"):
            return tuple(map(Decimal, several))
        return (self.discount_percent,) if self.discount_percent else ()

    @property
    def price_was_typed(self) -> bool:
        return bool(self.trace.get("typed"))

    @property
    def price_was_quoted(self) -> bool:
        """Whether the customer accepted this price in a quote."""
        return bool(self.trace.get("quoted"))


# What the past of a line is made of, besides what only ledgers write.
LINE_COLUMNS = [str(field.column) for field in PricedLine._meta.local_fields]
OWN_COLUMNS = ["warehouse_id", "cancelled"]  # of an order's lines, beside what all lines have
# The tables that an order line's keys name; they are proven in sets (decision 9).
PARENTS_OF_A_LINE = {
    "order": "orders_order",
    "product": "inventory_product",
    "unit": "inventory_productunit",
    "warehouse": "inventory_warehouse",
    "agreement_line": "customers_agreementline",
}


class OrderedUnit(ProductUnit):
    """A sales unit as order lines name it. They have no foreign key to it, so it is held here (decision 9).

    Whoever deletes a unit waits for those who are writing lines, and they for him: no line can name it meanwhile.
    """

    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            pgtrigger.Trigger(
                name="stays_while_ordered",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="LOCK TABLE orders_orderline IN SHARE MODE; "
                "IF EXISTS (SELECT FROM orders_orderline WHERE product_id = OLD.product_id AND unit_id = OLD.id) THEN "
                "RAISE EXCEPTION 'unit % is ordered', OLD.code USING ERRCODE = 'foreign_key_violation'; END IF; "
                "RETURN OLD;",
            )
        ]


def line_constraints(name: str) -> list[models.CheckConstraint]:
    """Return the checks every table of priced lines holds, named after it."""
    return [
        models.CheckConstraint(condition=Q(unit_price__gte=0), name=f"{name}_price_is_never_negative"),
        models.CheckConstraint(
            condition=Q(discount_percent__gte=0, discount_percent__lte=100),
            name=f"{name}_discount_is_a_percentage",
        ),
        models.CheckConstraint(condition=Q(amount__gte=0), name=f"{name}_amount_is_never_negative"),
        models.CheckConstraint(
            condition=Q(document_discount__gte=0, document_discount__lte=F("amount")),
            name=f"{name}_has_a_part_of_the_discount",
        ),
    ]


def of_these(lines: Any, sql: str) -> str:
    """Return `sql` about the table of these lines, {lines}, the column that names their document, {document},
    the table of that, {documents}, and how much of a line is wanted, {wanted}.

    `lines` is what a document has: `order.lines`, `version.lines`.
    """
    documents = lines.field.related_model._meta.db_table
    names = {field.name for field in lines.model._meta.fields}
    return (
        sql.replace("{lines}", lines.model._meta.db_table)
        .replace("{documents}", documents)
        .replace("{document}", lines.field.column)
        .replace("{wanted}", "(ordered - cancelled)" if "cancelled" in names else "ordered")
    )


def lines_go_only_from_drafts() -> list[pgtrigger.Trigger]:
    """An order loses a line only as a draft; later one may order nothing any more, and never before it is confirmed."""
    return [
        pgtrigger.Trigger(
            name="only_confirmed_orders_take_lines_out",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            condition=pgtrigger.Condition("NEW.ordered = 0"),
            func="IF EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id "
            "AND status IN ('draft', 'submitted')) THEN "
            "RAISE EXCEPTION 'line % of an order that is not confirmed orders nothing', NEW.position "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="only_drafts_lose_lines",
            when=pgtrigger.Before,
            operation=pgtrigger.Delete,
            func="IF EXISTS (SELECT FROM orders_order WHERE id = OLD.order_id AND status <> 'draft') THEN "
            "RAISE EXCEPTION 'line % belongs to an order that is no draft', OLD.id "
            "USING ERRCODE = 'check_violation'; END IF; RETURN OLD;",
        ),
    ]
