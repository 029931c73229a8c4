"""Who must agree before a document goes on, and what they decided."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.documents import LockedQuerySet
from oms.models import User
from oms.triggers import append_only, moves_only_along
from orders.models.hands import had_a_hand
from orders.models.orders import Order
from orders.models.quotes import Quote, QuoteVersion
from orders.models.remembering import remembered
from orders.status import NEXT_OF_REQUEST, RequestStatus, RuleFact, Verdict

# The documents of a request and of its steps, for the triggers that remember them.
OF_A_REQUEST = "(SELECT v.quote_id FROM orders_quoteversion v WHERE v.id = r.quote_version_id)"
ORDER_OF_A_STEP = "(SELECT a.order_id FROM orders_approvalrequest a WHERE a.id = r.request_id)"
QUOTE_OF_A_STEP = (
    "(SELECT v.quote_id FROM orders_approvalrequest a JOIN orders_quoteversion v ON v.id = a.quote_version_id "
    "WHERE a.id = r.request_id)"
)


class ApprovalRuleQuerySet(models.QuerySet["ApprovalRule"]):
    def visible_to(self, user: User) -> Self:
        return self if user.has_perm("orders.view_approvalrule") else self.none()


class ApprovalRule(models.Model):
    """When `fact` passes `threshold`, somebody of `approvers` has to agree.

    A total they agreed to may grow by `tolerance_percent` before they are asked again; other facts by nothing.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    fact = models.CharField(_("when"), max_length=20, choices=RuleFact.choices)
    threshold = models.DecimalField(_("threshold"), max_digits=18, decimal_places=4)
    approvers = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("approvers")
    )
    tolerance_percent = models.DecimalField(
        _("tolerance %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        db_default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("by so much an approved total may grow before it is asked about again; for totals only"),
    )
    active = models.BooleanField(_("active"), default=True)

    objects = ApprovalRuleQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(tolerance_percent=0)
                | Q(fact=RuleFact.TOTAL_ABOVE, tolerance_percent__gt=0, tolerance_percent__lte=100),
                name="only_totals_have_a_tolerance",
                violation_error_message=_(
                    "Only a rule about the total has a tolerance, of 0 to 100 percent."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ApprovalRequestQuerySet(LockedQuerySet["ApprovalRequest"]):
    def about(self, document: Order | Quote) -> Self:
        """What was asked about a document: about every version of a quote, and of the one an order was made from."""
        if isinstance(document, Quote):
            return self.filter(quote_version__quote=document)
        asked = Q(order=document)
        if document.quote_version_id is not None:
            versions = QuoteVersion.objects.filter(quote__versions=document.quote_version_id)
            asked |= Q(quote_version__any_of=ArraySubquery(versions.values("pk")))
        return self.filter(asked)

    def visible_to(self, user: User) -> Self:
        if not user.has_perm("orders.view_approvalrequest"):
            return self.none()
        orders = Order.objects.visible_to(user)
        quotes = Quote.objects.visible_to(user)
        return self.filter(Q(order__in=orders) | Q(quote_version__quote__in=quotes))

    def waiting_for(self, user: User) -> Self:
        """Pending requests with an open step for one of the user's groups, on what others entered and edited."""
        steps = ApprovalStep.objects.filter(
            request=OuterRef("pk"), status=RequestStatus.PENDING, approvers__in=user.groups.all()
        )

        own = had_a_hand(user, "order", Order) | had_a_hand(user, "quote_version__quote", Quote)
        return (
            self.visible_to(user)
            .filter(Exists(steps), status=RequestStatus.PENDING)
            .exclude(Q(submitted_by=user) | own)
            .order_by("requested_at", "pk")
        )


class ApprovalRequest(models.Model):
    """A document as it stood when it was submitted: its hash and its facts.

    `facts` bound what the approval covers: a later document within them needs no new one.
    """

    NEXT = NEXT_OF_REQUEST

    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, null=True, related_name="approvals", verbose_name=_("order")
    )
    quote_version = models.ForeignKey(
        QuoteVersion,
        on_delete=models.CASCADE,
        null=True,
        related_name="approvals",
        verbose_name=_("quote version"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=RequestStatus.choices, default=RequestStatus.PENDING
    )
    document_hash = models.CharField(_("document hash"), max_length=64)
    facts = models.JSONField(_("facts"))
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    requested_at = models.DateTimeField(_("requested at"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = ApprovalRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("approval request")
        verbose_name_plural = _("approval requests")
        permissions = [("decide_approval", _("Can approve or reject"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(order__isnull=False, quote_version=None)
                | Q(order=None, quote_version__isnull=False),
                name="approval_is_for_one_document",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="pending"), name="one_pending_approval_per_order"
            ),
            models.UniqueConstraint(
                fields=["quote_version"],
                condition=Q(status="pending"),
                name="one_pending_approval_per_quote_version",
            ),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_REQUEST, start=RequestStatus.PENDING),
            pgtrigger.Trigger(
                name="what_was_approved_is_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.document_hash IS DISTINCT FROM OLD.document_hash OR NEW.facts IS DISTINCT FROM OLD.facts "
                    "OR NEW.submitted_by_id IS DISTINCT FROM OLD.submitted_by_id"
                ),
                func="RAISE EXCEPTION 'what an approval was asked for never changes' "
                "USING ERRCODE = 'check_violation';",
            ),
            *remembered("request", "r.order_id"),
            *remembered("request", OF_A_REQUEST, of="quote"),
        ]

    def __str__(self) -> str:
        return str(self.document)

    def undecided_steps(self) -> "list[ApprovalStep]":
        return list(self.steps.filter(status=RequestStatus.PENDING).select_related("rule"))

    @property
    def document(self) -> Order | Quote:
        if self.order is not None:
            return self.order
        assert self.quote_version is not None  # noqa: S101  the database's CHECK
        return self.quote_version.quote


class ApprovalStep(models.Model):
    """One rule that asked: who must agree, and why, in a sentence with its numbers."""

    request = models.ForeignKey(
        ApprovalRequest, on_delete=models.CASCADE, related_name="steps", verbose_name=_("request")
    )
    rule = models.ForeignKey(ApprovalRule, on_delete=models.PROTECT, related_name="+", verbose_name=_("rule"))
    approvers = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", verbose_name=_("approvers")
    )
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(
        _("status"), max_length=20, choices=RequestStatus.choices, default=RequestStatus.PENDING
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        constraints = [models.UniqueConstraint(fields=["request", "rule"], name="one_step_per_rule")]
        triggers = [
            *moves_only_along(NEXT_OF_REQUEST, start=RequestStatus.PENDING),
            *remembered("step", ORDER_OF_A_STEP),
            *remembered("step", QUOTE_OF_A_STEP, of="quote"),
        ]

    def __str__(self) -> str:
        return self.reason


class Decision(models.Model):
    """What somebody decided on a step, never changed. Nobody decides on what they submitted."""

    step = models.OneToOneField(
        ApprovalStep, on_delete=models.PROTECT, related_name="decision", verbose_name=_("step")
    )
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    document_hash = models.CharField(_("document hash"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_by=None) | ~Q(by=F("submitted_by")),
                name="nobody_decides_on_what_they_submitted",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.APPROVE) | ~Q(reason=""), name="a_rejection_says_why"
            ),
        ]
        indexes = [models.Index(fields=["at"], name="decisions_of_late")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.step}"
