"""Orders, their lines, and what holds them."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import (
    Address,
    AgreementLine,
    Customer,
    CustomerQuerySet,
    PaymentTerms,
    ShippingWishes,
    documents_of_the_kept,
    shipping_constraints,
)
from inventory.models import Product, ProductUnit, Warehouse
from oms.documents import Document, LockedQuerySet
from oms.indexes import in_any_case
from oms.models import Currency, User
from oms.numbering import next_number
from oms.triggers import (
    dates_kept_by_trigger,
    kept_by_trigger,
    moves_only_along,
    never_deleted,
    proves_changed_keys,
    proves_keys,
)
from orders.models.drafts import Draftable
from orders.models.due import ALL_DUE, BACKORDERED, DUE_LATER, THAT_WAIT, has_lines
from orders.models.lines import (
    LINE_COLUMNS,
    OWN_COLUMNS,
    PARENTS_OF_A_LINE,
    PricedLine,
    line_constraints,
    lines_go_only_from_drafts,
)
from orders.models.listed import indexes_of_the_list
from orders.models.quotes import QuoteVersion
from orders.models.remembering import remembered
from orders.models.totals import Totals, totals_constraints
from orders.models.waiting import no_line_waits_unseen, waits_kept_by_triggers
from orders.status import IN_WORK, NEXT_OF_ORDER, OF_A_HOLD, HoldKind, OrderStatus


class OrderQuerySet(LockedQuerySet["Order"]):
    def visible_to(self, user: User) -> Self:
        """Orders of the customers the user sees; for warehouse staff, those with lines in their warehouses."""
        if not user.has_perm("orders.view_order"):
            return self.none()
        if user.has_perm("customers.view_all_customers"):
            return self
        if (customers := self.customers_behind(user)) is not None:
            return self.filter(customer__in=customers)
        lines = OrderLine.objects.filter(order=OuterRef("pk"), warehouse__members=user)
        return self.filter(Exists(lines)).exclude(status__in=[OrderStatus.DRAFT, OrderStatus.SUBMITTED])

    def customers_behind(self, user: User) -> CustomerQuerySet | None:
        """The customers because of whom the user sees orders; None for who sees all, or those of warehouses."""
        if user.has_perm("customers.view_all_customers") or user.has_perm("orders.view_warehouse_orders"):
            return None
        return Customer.objects.visible_to(user)

    def without_open_hold(self) -> Self:
        return self.filter(~Exists(Hold.objects.open().filter(order=OuterRef("pk"))))

    def with_unreleased(self) -> Self:
        """Orders with stock promised to them that no shipment has taken up yet."""
        waiting = OrderLine.objects.filter(
            order=OuterRef("pk"), allocations__allocated__gt=F("allocations__released")
        )
        return self.filter(Exists(waiting))

    def ready_to_release(self) -> Self:
        """The warehouse's work list, in its turn."""
        return self.filter(status__in=IN_WORK).without_open_hold().with_unreleased().in_turn()

    def in_turn(self) -> Self:
        """The first promised to leave first, or requested while nothing is promised; then by rank."""
        leaves = Coalesce("ship_on", "requested_on")
        return self.order_by(leaves, "customer__contract_class", "priority", "confirmed_at", "pk")

    def backordered(self) -> Self:
        """Confirmed orders with open quantity that is due: what is set aside later waits for its day, not for stock."""
        waiting = self.filter(status__in=IN_WORK, pk__in=THAT_WAIT)
        return waiting.filter(Q(requested_on__lte=ALL_DUE) | Q(has_lines(BACKORDERED)))

    def due_later(self) -> Self:
        """Confirmed orders of which something is promised and set aside later."""
        return self.filter(has_lines(DUE_LATER), status__in=IN_WORK, requested_on__gt=ALL_DUE)

    def with_what_they_wait_for(self) -> Self:
        """Orders with whether they are short of stock, hold something that is due later, and are on hold."""
        return self.annotate(
            is_short=has_lines(BACKORDERED),
            is_later=has_lines(DUE_LATER),
            is_held=Exists(Hold.objects.open().filter(order=OuterRef("pk"))),
        )


class Order(Totals, ShippingWishes, Draftable, Document):
    """What a customer buys from us. Its status changes only along NEXT_OF_ORDER.

    The shipping wishes are the customer's when it was entered. `shipments_made` counts those made and not taken
    back, kept by their trigger. `ship_on` is the first day that a line of it is promised to leave on, kept by the
    trigger of promises.
    """

    NEXT = NEXT_OF_ORDER

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("SO", "orders_order_number"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.DRAFT, editable=False
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="orders",
        verbose_name=_("customer"),
    )
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)
    reference = models.CharField(
        _("outside reference"), max_length=60, null=True, blank=True, unique=True, editable=False
    )
    ship_to = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="+", verbose_name=_("ship to")
    )
    bill_to = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="+", verbose_name=_("bill to")
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    ordered_on = models.DateField(_("ordered on"))
    requested_on = models.DateField(_("requested on"))
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, editable=False, verbose_name=_("currency")
    )
    payment_terms = models.ForeignKey(
        PaymentTerms, on_delete=models.PROTECT, editable=False, verbose_name=_("payment terms")
    )
    quote_version = models.OneToOneField(
        QuoteVersion,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="order",
        verbose_name=_("quote version"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=5,
        db_default=5,
        editable=False,
        help_text=_("1 to 9; 1 is served before 9"),
    )
    shipments_made = models.PositiveIntegerField(_("shipments"), default=0, db_default=0, editable=False)
    ship_on = models.DateField(_("first ships on"), null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        permissions = [
            ("view_warehouse_orders", _("Can see the orders of the own warehouses")),
            ("submit_order", _("Can submit an order")),
            ("confirm_order", _("Can confirm an order")),
            ("cancel_order", _("Can cancel an order before the warehouse works on it")),
            ("close_order", _("Can close a completed order")),
            ("hold_order", _("Can hold an order and let it go on")),
            ("release_credit", _("Can let an order go on that waits for credit")),
            ("override_price", _("Can type a price or a discount")),
            ("override_allocation", _("Can take stock from another order and set priorities")),
            ("import_order", _("Can import orders")),
        ]
        indexes = [
            in_any_case("customer_po", name="order_po_any_case", optional=True),
            *indexes_of_the_list(),
            models.Index(
                fields=["requested_on", "id"],
                name="orders_in_work",
                condition=Q(status__in=["confirmed", "released"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=9), name="priority_is_one_to_nine"
            ),
            *shipping_constraints("order"),
            *totals_constraints("order"),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_ORDER, start=OrderStatus.DRAFT),
            *kept_by_trigger("shipments_made"),
            *dates_kept_by_trigger("ship_on"),
            documents_of_the_kept(),
            never_deleted(),
            no_line_waits_unseen(),
            *remembered("order", "r.id"),
        ]

    @property
    def is_editable(self) -> bool:
        return bool(self.status == OrderStatus.DRAFT)


class OrderLine(PricedLine):
    """Each ordered unit is in exactly one bucket; the rest is `open`. The amount is of what is not cancelled.

    `allocated`, `picked`, `packed` and `shipped` are kept by the allocations' trigger.
    `waits` is whether something is open while the order is in work, kept by the triggers of `waiting`.
    `ordered` is 0 once a change of the confirmed order has taken the line out.
    `warehouse` is where the open quantity waits. It counts as demand on `ship_on`, the day it leaves us;
    `promised_on` is the day the customer was told. Both are those of its last promise, kept by that ledger's trigger.
    """

    order = models.ForeignKey(
        Order,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="lines",
        verbose_name=_("order"),
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, db_constraint=False, verbose_name=_("product")
    )
    unit = models.ForeignKey(
        ProductUnit,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        verbose_name=_("unit"),
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
        verbose_name=_("warehouse"),
    )
    agreement_line = models.ForeignKey(
        AgreementLine,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("agreement"),
    )
    ship_on = models.DateField(
        _("ships on"), null=True, blank=True, editable=False, help_text=_("empty: on the day requested")
    )
    promised_on = models.DateField(_("promised on"), null=True, blank=True, editable=False)
    cancelled = models.BigIntegerField(_("cancelled"), default=0, db_default=0)
    allocated = models.BigIntegerField(_("allocated"), default=0, db_default=0)
    picked = models.BigIntegerField(_("picked"), default=0, db_default=0)
    packed = models.BigIntegerField(_("packed"), default=0, db_default=0)
    shipped = models.BigIntegerField(_("shipped"), default=0, db_default=0)
    open = models.GeneratedField(
        expression=F("ordered") - F("cancelled") - F("allocated") - F("picked") - F("packed") - F("shipped"),
        output_field=models.BigIntegerField(),
        db_persist=True,
        verbose_name=_("open"),
    )
    waits = models.BooleanField(_("waits for stock"), default=False, db_default=False, editable=False)

    class Meta(PricedLine.Meta):
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        indexes = [
            models.Index(
                fields=["warehouse", "product"], condition=Q(waits=True), name="order_lines_that_wait"
            ),
            models.Index(fields=["order"], condition=Q(waits=True), name="orders_with_lines_that_wait"),
            models.Index(
                fields=["agreement_line"],
                condition=Q(agreement_line__isnull=False),
                name="order_lines_of_agreements",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"],
                name="one_order_line_per_position",
                deferrable=models.Deferrable.IMMEDIATE,  # lines change places in one statement
            ),
            *line_constraints("order_line"),
            models.CheckConstraint(
                condition=Q(cancelled__gte=0, allocated__gte=0, picked__gte=0, packed__gte=0, shipped__gte=0),
                name="no_bucket_of_a_line_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    ordered__gte=F("cancelled") + F("allocated") + F("picked") + F("packed") + F("shipped")
                ),
                name="each_ordered_unit_is_in_one_bucket",
            ),
        ]
        triggers = [
            *kept_by_trigger("allocated", "picked", "packed", "shipped"),
            *dates_kept_by_trigger("ship_on", "promised_on"),
            *waits_kept_by_triggers(),
            proves_keys(**PARENTS_OF_A_LINE),
            proves_changed_keys(**PARENTS_OF_A_LINE),
            *lines_go_only_from_drafts(),
            *remembered("line", "r.order_id", columns=[*LINE_COLUMNS, *OWN_COLUMNS]),
        ]


class HoldQuerySet(models.QuerySet["Hold"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("orders.view_hold"):
            return self.none()
        return self.filter(order__in=Order.objects.visible_to(user))

    def open(self) -> Self:
        return self.filter(released_at=None)

    def from_leaving(self) -> Self:
        """Those for which no goods leave; want of credit is none of them, for it is asked about anew."""
        return self.open().exclude(kind=HoldKind.CREDIT)


class Hold(models.Model):
    """Why an order may not go on, whose turn it is, and since when. At most one is open per kind."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="holds", verbose_name=_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=HoldKind.choices)
    reason = models.CharField(_("reason"), max_length=500)
    owner = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("whose turn")
    )
    since = models.DateTimeField(_("since"), default=timezone.now)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("placed by"),
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        constraints = [
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(released_at=None), name="one_open_hold_per_kind"
            )
        ]
        triggers = remembered("hold", "r.order_id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

    def openly(self) -> str:
        """Return what everybody may read of it: figures of cost and of credit stay on the pages of who may see them."""
        return f"{self.get_kind_display()}: {OF_A_HOLD.get(self.kind, self.reason)}"
