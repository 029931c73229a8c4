"""Agreements: what a customer has committed to take in a period, and the price that is frozen for it."""

from datetime import date
from decimal import Decimal
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.merged import documents_of_the_kept
from customers.models.parties import Customer
from customers.models.tree import Above
from customers.status import NEXT_OF_AGREEMENT, AgreementStatus
from inventory.models import Category, Product, ProductUnit
from oms.documents import Document, DocumentEvent, LockedQuerySet
from oms.models import Currency, User
from oms.numbering import next_number
from oms.triggers import kept_by_trigger, moves_only_along, never_deleted

EVER_IN_FORCE = [AgreementStatus.IN_FORCE, AgreementStatus.ENDED]
BEING_DRAFTED = [AgreementStatus.DRAFT, AgreementStatus.PROPOSED]

# The lock keeps the steps of an agreement waiting until a change that has begun is there for all to see.
LINES_CHANGE_IN_DRAFTS = """
    PERFORM FROM customers_agreement a
    WHERE a.id = CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END AND a.status = 'draft'
    FOR SHARE OF a;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'lines of this agreement do not change any more' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


class AgreementQuerySet(LockedQuerySet["Agreement"]):
    def visible_to(self, user: User) -> Self:
        """Agreements of the customers whom the user sees and of companies above, whose prices hold for them too."""
        if not user.has_perm("customers.view_agreement"):
            return self.none()
        seen = Customer.objects.visible_to(user)
        return self.filter(Q(customer__in=seen) | Q(customer__in=Above(seen)))

    def holding_on(self, day: date) -> Self:
        """Agreements whose prices hold on that day: in force, or ended since then."""
        return self.filter(status__in=EVER_IN_FORCE, valid_from__lte=day, valid_to__gt=day)

    def not_over(self, day: date) -> Self:
        """Agreements in force whose prices hold on that day or will later."""
        return self.filter(status=AgreementStatus.IN_FORCE, valid_to__gt=day)

    def to_renew(self, day: date) -> Self:
        """Agreements in force whose reminder has come and whose end has not, the first to end first."""
        return (
            self.holding_on(day)
            .filter(status=AgreementStatus.IN_FORCE, remind_on__lte=day)
            .order_by("valid_to", "pk")
        )


class Agreement(Document):
    """Prices frozen for a customer and the companies below it, in [from, to), for quantities that run out.

    A draft is put in force by a second person where it says so; from then on its lines stay as they are.
    """

    NEXT = NEXT_OF_AGREEMENT

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("AG", "customers_agreement_number"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AgreementStatus.choices,
        default=AgreementStatus.DRAFT,
        editable=False,
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="agreements", verbose_name=_("customer")
    )
    name = models.CharField(
        _("name"), max_length=120, blank=True, help_text=_("or the customer's own number")
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until before"))
    remind_on = models.DateField(_("remind of renewal on"), null=True, blank=True)
    needs_approval = models.BooleanField(
        _("needs a second person"),
        default=True,
        db_default=True,
        help_text=_("who proposed it does not put it in force"),
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    next_try_at = models.DateTimeField(_("next try at"), default=timezone.now, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        permissions = [("approve_agreement", _("Can put agreements of others in force"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="agreement_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_an_agreement_they_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=EVER_IN_FORCE)
                | Q(needs_approval=False)
                | Q(approved_by__isnull=False),
                name="agreement_in_force_has_its_second_person",
            ),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_AGREEMENT, start=AgreementStatus.DRAFT),
            documents_of_the_kept(),
            never_deleted(),
            pgtrigger.Trigger(
                name="what_is_agreed_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.status IN ('in_force', 'ended') AND (NEW.valid_to > OLD.valid_to OR "
                    "(NEW.currency_id, NEW.valid_from, NEW.needs_approval) IS DISTINCT FROM "
                    "(OLD.currency_id, OLD.valid_from, OLD.needs_approval))"
                ),
                func="RAISE EXCEPTION 'what is agreed in % stays', OLD.number USING ERRCODE = 'check_violation';",
            ),
        ]

    @property
    def is_editable(self) -> bool:
        return bool(self.status == AgreementStatus.DRAFT)


class AgreementLineQuerySet(LockedQuerySet["AgreementLine"]):
    def of_one_product(self) -> Self:
        """Lines that state the price of a product's unit, so that quantities of it can be planned."""
        return self.filter(unit__isnull=False)


class AgreementLine(models.Model):
    """What is agreed for a product, a category with all below it, or everything, until its maximum is drawn.

    One `unit` of a product costs `price`, or `percent` is taken off the price for everyone. A line counts base units
    (`committed`, `maximum`) or what is paid for them (`committed_value`, `maximum_value`), in the agreement's currency
    and after the discounts of the order's lines; without a maximum it does not run out. `drawn` and `drawn_value` are
    what confirmed orders have taken and not given back, kept by the trigger of their ledger.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, related_name="lines", verbose_name=_("agreement")
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("product")
    )
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("category")
    )
    unit = models.ForeignKey(
        ProductUnit, on_delete=models.PROTECT, db_index=False, null=True, blank=True, verbose_name=_("unit")
    )
    price = models.DecimalField(
        _("price per unit"), max_digits=18, decimal_places=6, default=Decimal(0), db_default=0
    )
    percent = models.DecimalField(
        _("% off"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("off the price for everyone, instead of a price"),
    )
    committed = models.BigIntegerField(
        _("committed"), default=0, db_default=0, help_text=_("in base units; 0 where nothing is")
    )
    maximum = models.BigIntegerField(
        _("at most"), null=True, blank=True, help_text=_("in base units; empty where it does not run out")
    )
    drawn = models.BigIntegerField(_("drawn"), default=0, db_default=0, editable=False)
    committed_value = models.DecimalField(
        _("committed value"),
        max_digits=18,
        decimal_places=4,
        default=Decimal(0),
        db_default=0,
        help_text=_("in the agreement's currency; 0 where nothing is"),
    )
    maximum_value = models.DecimalField(
        _("value at most"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("in the agreement's currency; empty where it does not run out"),
    )
    drawn_value = models.DecimalField(
        _("drawn value"),
        max_digits=18,
        decimal_places=4,
        default=Decimal(0),
        db_default=0,
        editable=False,
    )

    objects = AgreementLineQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "product__sku", "pk"]
        verbose_name = _("line of an agreement")
        verbose_name_plural = _("lines of agreements")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "product", "category"],
                nulls_distinct=False,
                name="one_line_per_agreement_and_reach",
            ),
            models.CheckConstraint(
                condition=Q(product=None) | Q(category=None), name="agreed_for_a_product_or_a_category"
            ),
            models.CheckConstraint(
                condition=Q(percent=None, product__isnull=False, unit__isnull=False)
                | Q(percent__gt=0, percent__lt=100, price=0, unit=None),
                name="agreed_is_a_price_or_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(committed=0, maximum=None)
                | Q(committed_value=0, maximum_value=None, unit__isnull=False),
                name="agreed_by_quantity_or_by_value",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="agreed_price_is_never_negative"),
            models.CheckConstraint(
                condition=Q(committed__gte=0, committed_value__gte=0), name="commitment_is_never_negative"
            ),
            models.CheckConstraint(
                condition=(Q(maximum=None) | (Q(maximum__gte=1) & Q(maximum__gte=F("committed"))))
                & (
                    Q(maximum_value=None)
                    | (Q(maximum_value__gt=0) & Q(maximum_value__gte=F("committed_value")))
                ),
                name="agreed_maximum_covers_the_commitment",
            ),
            models.CheckConstraint(
                condition=Q(drawn__gte=0)
                & (Q(maximum=None) | Q(drawn__lte=F("maximum")))
                & Q(drawn_value__gte=0)
                & (Q(maximum_value=None) | Q(drawn_value__lte=F("maximum_value"))),
                name="never_draw_more_than_agreed",
            ),
        ]
        triggers = [
            *kept_by_trigger("drawn", "drawn_value"),
            pgtrigger.Trigger(
                name="lines_change_in_drafts",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func=LINES_CHANGE_IN_DRAFTS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement.number} {self.reach}"

    @property
    def reach(self) -> str:
        """What it is for, in words."""
        return self.product.sku if self.product else str(self.category or _("all products"))

    @property
    def sold_in(self) -> ProductUnit:
        """The unit of a line `of_one_product`; others have none."""
        assert self.unit is not None  # noqa: S101  the caller looks at such lines only
        return self.unit

    @property
    def by_value(self) -> bool:
        """Whether it counts what is paid, and not how much of it."""
        return bool(self.committed_value) or self.maximum_value is not None

    @property
    def left(self) -> int | None:
        """What may still be drawn, in base units; None without end."""
        return None if self.maximum is None else self.maximum - self.drawn

    @property
    def left_value(self) -> Decimal | None:
        """What may still be paid at its price; None without end."""
        return None if self.maximum_value is None else self.maximum_value - self.drawn_value

    @property
    def worth_committed(self) -> Decimal:
        return self.committed_value or self.worth_of(self.committed)

    @property
    def worth_drawn(self) -> Decimal:
        return self.drawn_value if self.by_value else self.worth_of(self.drawn)

    def worth_of(self, quantity: int) -> Decimal:
        """Return what so many base units come to at the frozen price, not rounded; 0 where there is no such price."""
        if self.unit is None:
            return Decimal(0)
        return quantity * self.unit.denominator * self.price / self.unit.numerator


class AgreementEvent(DocumentEvent):
    document = models.ForeignKey(Agreement, on_delete=models.PROTECT, db_index=False, related_name="events")

    class Meta(DocumentEvent.Meta):
        verbose_name = _("event of an agreement")
        verbose_name_plural = _("events of agreements")
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_agreement_event_per_version")
        ]
