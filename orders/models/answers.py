"""What a customer is asked by a link, and what was answered: who, when, from where, about which version."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from oms.columns import actor
from oms.triggers import append_only
from orders.models.links import CustomerLink, opens_no_more
from orders.models.quotes import Decider, QuoteLine, QuoteVersion
from orders.status import Meeting, Reply


class QuoteLink(CustomerLink):
    """A way for the customer to read one version of a quote and to answer it."""

    version = models.ForeignKey(
        QuoteVersion, on_delete=models.PROTECT, related_name="links", verbose_name=_("quote version")
    )
    decider = models.ForeignKey(
        Decider, on_delete=models.PROTECT, null=True, db_index=False, verbose_name=_("decision maker")
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("customer link")
        verbose_name_plural = _("customer links")
        triggers = opens_no_more("a_link_opens_one_version", "version_id", "decider_id")

    def __str__(self) -> str:
        return f"{self.version} {self.pk}"

    @property
    def customer(self) -> Customer:
        return self.version.quote.customer


class QuoteAnswer(models.Model):
    """The customer's answer to a version, and how we know: by which link and address, or on whose word.

    It has the day on which it `came_on` when it was recorded after the last day of the quote.
    """

    version = models.OneToOneField(
        QuoteVersion, on_delete=models.PROTECT, related_name="answer", verbose_name=_("quote version")
    )
    reply = models.CharField(_("answer"), max_length=10, choices=Reply.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    came_on = models.DateField(_("came on"), null=True)
    link = models.ForeignKey(
        QuoteLink, on_delete=models.PROTECT, null=True, db_index=False, verbose_name=_("customer link")
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)
    by = actor(_("recorded by"))
    evidence = models.CharField(_("how we know"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("customer's answer")
        verbose_name_plural = _("customers' answers")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reply=Reply.ACCEPTED, name=""), name="who_accepts_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(link=None) | Q(by=None), name="an_answer_comes_by_link_or_is_recorded"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.get_reply_display()}"


class Consent(models.Model):
    """One decision maker has accepted the version; it counts once all have, as the version asks."""

    version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="consents",
        verbose_name=_("quote version"),
    )
    decider = models.OneToOneField(Decider, on_delete=models.PROTECT, verbose_name=_("decision maker"))
    name = models.CharField(_("name"), max_length=120)
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    link = models.ForeignKey(
        QuoteLink, on_delete=models.PROTECT, db_index=False, verbose_name=_("customer link")
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["version"], name="consents_of_version")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.decider}"


class CounterOffer(models.Model):
    """What the customer would rather have than the version; it answers nothing, the version can still be accepted."""

    version = models.ForeignKey(
        QuoteVersion, on_delete=models.PROTECT, related_name="counter_offers", verbose_name=_("quote version")
    )
    name = models.CharField(_("name"), max_length=120)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    link = models.ForeignKey(
        QuoteLink, on_delete=models.PROTECT, db_index=False, verbose_name=_("customer link")
    )
    ip = models.GenericIPAddressField(_("IP address"), null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("counter-offer")
        verbose_name_plural = _("counter-offers")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="who_counters_has_a_name")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.name}"


class CounterLine(models.Model):
    """What the customer wants of one line instead: a quantity in its unit, a price, or only words."""

    offer = models.ForeignKey(
        CounterOffer, on_delete=models.PROTECT, db_index=False, related_name="lines", verbose_name=_("offer")
    )
    line = models.ForeignKey(
        QuoteLine, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("line")
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, null=True)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=6, null=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("line of a counter-offer")
        verbose_name_plural = _("lines of counter-offers")
        constraints = [
            models.UniqueConstraint(fields=["offer", "line"], name="one_wish_per_line_of_a_counter_offer"),
            models.CheckConstraint(
                condition=Q(quantity__isnull=False) | Q(price__isnull=False) | ~Q(comment=""),
                name="a_counter_line_wants_something",
            ),
            models.CheckConstraint(
                condition=(Q(quantity=None) | Q(quantity__gt=0)) & (Q(price=None) | Q(price__gte=0)),
                name="a_counter_line_is_possible",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.offer_id} {self.line_id}"


class CounterAnswer(models.Model):
    """How we answered a counter-offer: by the version drafted for it, which the customer gets when it is sent."""

    offer = models.OneToOneField(
        CounterOffer, on_delete=models.PROTECT, related_name="answer", verbose_name=_("counter-offer")
    )
    version = models.ForeignKey(
        QuoteVersion, on_delete=models.PROTECT, related_name="answers_to", verbose_name=_("quote version")
    )
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    by = actor(_("answered by"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer to a counter-offer")
        verbose_name_plural = _("answers to counter-offers")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.version} {self.offer_id}"


class CounterLineAnswer(models.Model):
    """How we met one wish of a counter-offer; what came of it stands in the line of the version."""

    answer = models.ForeignKey(
        CounterAnswer,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="lines",
        verbose_name=_("answer"),
    )
    wish = models.OneToOneField(
        CounterLine, on_delete=models.PROTECT, related_name="answer", verbose_name=_("wish")
    )
    meeting = models.CharField(_("answer"), max_length=10, choices=Meeting.choices)
    comment = models.CharField(_("comment"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("answer to a wish")
        verbose_name_plural = _("answers to wishes")
        indexes = [models.Index(fields=["answer"], name="answers_to_wishes")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.wish_id} {self.get_meeting_display()}"
