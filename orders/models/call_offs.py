"""What a customer will call off from an agreement, day by day, and the orders that were made of it."""

from typing import Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Agreement, AgreementLine, Customer
from customers.status import AgreementStatus
from inventory.models import ProductUnit
from oms.columns import actor
from oms.models import User
from oms.triggers import append_only
from orders.models.orders import Order
from orders.status import OrderStatus


class CallOffSchedule(models.Model):
    """How an agreement is called off: so many days before the day requested, under the customer's PO number."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.PROTECT, related_name="schedule", verbose_name=_("agreement")
    )
    lead_days = models.PositiveSmallIntegerField(_("days ahead"), default=14)
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("call-off schedule")
        verbose_name_plural = _("call-off schedules")
        constraints = [
            models.CheckConstraint(condition=Q(lead_days__lte=365), name="call_off_at_most_a_year_ahead")
        ]

    def __str__(self) -> str:
        return str(self.agreement)


class CallOffQuerySet(models.QuerySet["CallOff"]):
    def visible_to(self, user: User) -> Self:
        """Call-offs of the agreements of the customers whom the user sees."""
        if not user.has_perm("orders.view_calloff"):
            return self.none()
        return self.filter(schedule__agreement__customer__in=Customer.objects.visible_to(user))

    def never_called(self) -> Self:
        """Call-offs that are wanted and were not made into an order yet."""
        made = CallOffOrder.objects.filter(call_off=OuterRef("pk"))
        return self.filter(~Exists(made), skipped_at=None)

    def due(self, day: object) -> Self:
        """Call-offs never called whose day to do so has come, while their agreement holds."""
        reached = ExpressionWrapper(
            Value(day, models.DateField()) + F("schedule__lead_days"), output_field=models.DateField()
        )
        return self.never_called().filter(
            requested_on__lte=reached,
            schedule__agreement__status=AgreementStatus.IN_FORCE,
            schedule__agreement__valid_from__lte=day,
            schedule__agreement__valid_to__gt=day,
        )

    def stuck(self) -> Self:
        """Call-offs that a check refused: no order was made, or the draft still waits for somebody."""
        made = CallOffOrder.objects.filter(call_off=OuterRef("pk"))
        waits = Exists(made.filter(order__status=OrderStatus.DRAFT)) | ~Exists(made)
        return self.exclude(refusal="").filter(waits, skipped_at=None)


class CallOff(models.Model):
    """So many base units of a line of an agreement, wanted at a place on a day.

    How far it is follows from its orders. `refusal` is why the last try made no order, or left a draft.
    """

    schedule = models.ForeignKey(
        CallOffSchedule,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="call_offs",
        verbose_name=_("schedule"),
    )
    agreement_line = models.ForeignKey(
        AgreementLine, on_delete=models.PROTECT, related_name="call_offs", verbose_name=_("product")
    )
    ship_to = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="+", verbose_name=_("ship to")
    )
    requested_on = models.DateField(_("requested on"))
    unit = models.ForeignKey(ProductUnit, on_delete=models.PROTECT, db_index=False, verbose_name=_("unit"))
    quantity = models.BigIntegerField(_("quantity"), help_text=_("in base units"))
    refusal = models.CharField(_("why not"), max_length=500, blank=True, db_default="")
    skipped_at = models.DateTimeField(_("skipped at"), null=True)
    planned_by = actor(_("planned by"))

    objects = CallOffQuerySet.as_manager()

    class Meta:
        ordering = ["requested_on", "pk"]
        verbose_name = _("call-off")
        verbose_name_plural = _("call-offs")
        permissions = [("call_off", _("Can call off from an agreement"))]
        indexes = [models.Index(fields=["schedule", "requested_on"], name="call_offs_by_day")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_call_off_is_of_something"),
            models.UniqueConstraint(
                fields=["agreement_line", "ship_to", "requested_on"],
                condition=Q(skipped_at=None),
                name="one_call_off_per_line_place_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.requested_on}"


class CallOffOrder(models.Model):
    """An order that a call-off was made into, or a part that was split off one."""

    call_off = models.ForeignKey(
        CallOff, on_delete=models.PROTECT, db_index=False, related_name="made", verbose_name=_("call-off")
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="call_offs", verbose_name=_("order")
    )
    by = actor(_("by"))

    class Meta:
        verbose_name = _("order of a call-off")
        verbose_name_plural = _("orders of call-offs")
        constraints = [
            models.UniqueConstraint(fields=["call_off", "order"], name="an_order_is_made_of_a_call_off_once")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.order)
