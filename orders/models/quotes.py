"""Quotes and their numbered versions. What was sent never changes."""

from datetime import date
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from customers.models import Address, Customer, CustomerQuerySet, documents_of_the_kept
from inventory.models import Warehouse
from oms.documents import Delivery, Document, DocumentEvent, LockedQuerySet, owed_to
from oms.indexes import in_any_case
from oms.models import Currency, User
from oms.numbering import next_number
from oms.triggers import append_only, moves_only_along
from orders.models.drafts import Draftable
from orders.models.lines import LINE_COLUMNS, PricedLine, line_constraints
from orders.models.remembering import remembered
from orders.models.totals import Charge, TaxSum, Totals, totals_constraints
from orders.status import NEXT_OF_QUOTE, OPEN, Deciding, Outcome, QuoteStatus


class QuoteQuerySet(LockedQuerySet["Quote"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("orders.view_quote"):
            return self.none()
        customers = self.customers_behind(user)
        return self if customers is None else self.filter(customer__in=customers)

    def customers_behind(self, user: User) -> CustomerQuerySet | None:
        """The customers because of whom the user sees quotes; None for who sees all."""
        everything = user.has_perm("customers.view_all_customers")
        return None if everything else Customer.objects.visible_to(user)

    def to_follow_up(self, day: object) -> Self:
        """Quotes that somebody wanted to ask about by `day` and that are still undecided."""
        return self.filter(follow_up_on__lte=day, status__in=OPEN)

    def first_beside(self, quote_id: int) -> Self:
        """The first of the alternatives that a quote is one of; itself where it is the only one."""
        first = Quote.objects.filter(pk=quote_id).values(first=Coalesce("alternative_to_id", "pk"))
        return self.filter(pk__in=first)

    def beside(self, quote: "Quote") -> Self:
        """The other alternatives that the customer is offered for the same wish."""
        first = quote.alternative_to_id or quote.pk
        return self.filter(Q(pk=first) | Q(alternative_to=first)).exclude(pk=quote.pk)

    def sent_until(self, day: object) -> Self:
        """Sent quotes whose last valid day is `day` or one before it."""
        return self.filter(status=QuoteStatus.SENT, valid_until__lte=day)

    def cared_for_by(self, user: User) -> Self:
        """Quotes of the customers whom the user looks after, and those that they entered."""
        return self.filter(Q(customer__rep=user) | Q(created_by=user))


class Quote(Draftable, Document):
    """An offer to a customer. `version_number` is the version in force: the one drafted or sent last.

    Alternatives all point to the first of them. Of those the customer accepts one.
    """

    NEXT = NEXT_OF_QUOTE

    number = models.CharField(
        _("number"),
        max_length=20,
        unique=True,
        editable=False,
        db_default=next_number("Q", "orders_quote_number"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=QuoteStatus.choices, default=QuoteStatus.DRAFT, editable=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="quotes", verbose_name=_("customer")
    )
    ship_to = models.ForeignKey(
        Address, on_delete=models.PROTECT, related_name="+", verbose_name=_("ship to")
    )
    warehouse = models.ForeignKey(Warehouse, on_delete=models.PROTECT, verbose_name=_("warehouse"))
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, editable=False, verbose_name=_("currency")
    )
    valid_until = models.DateField(_("valid until"), help_text=_("the last day, to its end"))
    version_number = models.PositiveIntegerField(_("quote version"), default=1, editable=False)
    accepted_by = models.CharField(_("accepted by"), max_length=120, blank=True, editable=False)
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)

    outcome = models.CharField(
        _("won or lost by"),
        max_length=20,
        choices=Outcome.choices,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    alternative_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="alternatives",
        verbose_name=_("alternative to"),
    )
    follow_up_on = models.DateField(_("follow up on"), null=True, blank=True, editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        permissions = [
            ("send_quote", _("Can send a quote")),
            ("record_acceptance", _("Can record the customer's answer to a quote")),
        ]
        indexes = [in_any_case("customer_po", name="quote_po_any_case", optional=True)]
        triggers = [
            *moves_only_along(NEXT_OF_QUOTE, start=QuoteStatus.DRAFT),
            documents_of_the_kept(),
            *remembered("quote", "r.id", of="quote"),
        ]


class QuoteVersion(Totals):
    """One numbered state of a quote. Once sent it is frozen, lines included.

    `valid_until` is what was promised when it was sent; while it is drafted the quote's own day is edited.
    """

    quote = models.ForeignKey(
        Quote, on_delete=models.CASCADE, db_index=False, related_name="versions", verbose_name=_("quote")
    )
    number = models.PositiveIntegerField(_("version"))
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, editable=False)
    deciding = models.CharField(
        _("who has to accept"),
        max_length=10,
        choices=Deciding.choices,
        default=Deciding.ANY,
        db_default=Deciding.ANY,
        editable=False,
    )

    class Meta:
        ordering = ["quote", "number"]
        verbose_name = _("quote version")
        verbose_name_plural = _("quote versions")
        constraints = [
            models.UniqueConstraint(fields=["quote", "number"], name="one_version_per_number"),
            *totals_constraints("quote_version"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="sent_version_is_frozen",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__sent_at__isnull=False),
            ),
            *remembered("version", "r.quote_id", of="quote"),
        ]

    def __str__(self) -> str:
        return f"{self.quote.number} v{self.number}"

    @property
    def last_day(self) -> date:
        """The last day that was promised with it, or will be."""
        return self.valid_until or self.quote.valid_until


# The quote of a row of one of its versions, for the triggers that remember it.
OF_ITS_VERSION = "(SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.version_id)"


def frozen_once_sent(name: str, what: str) -> pgtrigger.Trigger:
    """Return the trigger that lets rows of a version change only until it is sent."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
                    IF EXISTS (SELECT FROM orders_quoteversion v WHERE v.sent_at IS NOT NULL
                               AND v.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END,
                                            CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END)) THEN
                        RAISE EXCEPTION '{what} of a sent quote never change' USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
    )


class QuoteLine(PricedLine):
    version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="lines",
        verbose_name=_("quote version"),
    )

    class Meta(PricedLine.Meta):
        verbose_name = _("quote line")
        verbose_name_plural = _("quote lines")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="one_quote_line_per_position",
                deferrable=models.Deferrable.IMMEDIATE,  # lines change places in one statement
            ),
            *line_constraints("quote_line"),
            models.CheckConstraint(condition=Q(ordered__gt=0), name="quote_line_orders_something"),
        ]
        triggers = [
            frozen_once_sent("sent_lines_are_frozen", "lines"),
            *remembered("line", OF_ITS_VERSION, of="quote", columns=LINE_COLUMNS),
        ]


class QuoteCharge(Charge):
    version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="charged",
        verbose_name=_("quote version"),
    )

    class Meta(Charge.Meta):
        verbose_name = _("charge of a quote")
        verbose_name_plural = _("charges of quotes")
        constraints = [
            models.UniqueConstraint(fields=["version", "kind"], name="one_quote_charge_per_kind"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="quote_charge_charges_something"),
        ]
        triggers = [
            frozen_once_sent("sent_charges_are_frozen", "charges"),
            *remembered("charge", OF_ITS_VERSION, of="quote"),
        ]


class QuoteTax(TaxSum):
    version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="taxes",
        verbose_name=_("quote version"),
    )

    class Meta(TaxSum.Meta):
        verbose_name = _("tax of a quote")
        verbose_name_plural = _("taxes of quotes")
        constraints = [models.UniqueConstraint(fields=["version", "percent"], name="one_quote_tax_per_rate")]
        triggers = [
            frozen_once_sent("sent_taxes_are_frozen", "taxes"),
            *remembered("tax", OF_ITS_VERSION, of="quote"),
        ]


class Decider(models.Model):
    """Somebody of the customer who has to accept a version; `position` counts where it goes one after the other."""

    version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="deciders",
        verbose_name=_("quote version"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("decision maker")
        verbose_name_plural = _("decision makers")
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="one_decider_per_position"),
            models.CheckConstraint(condition=~Q(name=""), name="who_decides_has_a_name"),
        ]
        triggers = [
            frozen_once_sent("sent_deciders_are_frozen", "decision makers"),
            *remembered("decider", OF_ITS_VERSION, of="quote"),
        ]

    def __str__(self) -> str:
        return self.name


class QuoteEvent(DocumentEvent):
    document = models.ForeignKey(Quote, on_delete=models.PROTECT, db_index=False, related_name="events")

    class Meta(DocumentEvent.Meta):
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="one_quote_event_per_version")
        ]
        triggers = [*append_only(), owed_to("mail", deliveries="orders_quotedelivery")]

    @property
    def offers(self) -> bool:
        """Whether a version was sent to the customer with it."""
        return self.kind == QuoteStatus.SENT

    @property
    def is_overtaken(self) -> bool:
        """Whether the version that it sent is no longer the one to be answered."""
        out = Quote.objects.filter(status=QuoteStatus.SENT, version_number=self.detail.get("version"))
        return self.offers and not out.filter(pk=self.document_id).exists()


class QuoteDelivery(Delivery):
    event = models.ForeignKey(QuoteEvent, on_delete=models.PROTECT, db_index=False, related_name="deliveries")

    class Meta:
        verbose_name = _("quote announcement")
        verbose_name_plural = _("quote announcements")
        constraints = [
            models.UniqueConstraint(fields=["event", "consumer"], name="one_quote_delivery_per_consumer")
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(sent_at=None, parked_at=None), name="quote_deliveries_owed"
            )
        ]
