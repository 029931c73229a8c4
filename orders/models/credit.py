"""Who let an order go on though the credit of its customer is used up."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import CreditAccount, CreditChange
from oms.columns import actor
from oms.models import User
from oms.triggers import append_only
from orders.models.hands import had_a_hand
from orders.models.orders import Hold, Order
from orders.status import HoldKind

APART_DAYS = 30  # whoever has changed a limit releases no hold of it for so long

NO_HAND_IN_BOTH = f"""
    IF EXISTS (SELECT FROM customers_creditchange c LEFT JOIN customers_creditproposal p ON p.id = c.proposal_id
               WHERE c.account_id = NEW.account_id AND NEW.by_id IN (c.by_id, p.proposed_by_id)
               AND c.at > now() - interval '{APART_DAYS} days') THEN
        RAISE EXCEPTION 'who changed the limit of credit account % does not release its holds', NEW.account_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class CreditRelease(models.Model):
    """One order may go on up to an `amount` and a day, as it was at a `revision`. Never changed.

    Nobody releases what they submitted, nor what waits for a limit that they changed of late.
    """

    hold = models.OneToOneField(
        Hold, on_delete=models.PROTECT, related_name="credit_release", verbose_name=_("hold")
    )
    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="releases", verbose_name=_("account")
    )
    amount = models.DecimalField(_("up to"), max_digits=18, decimal_places=4)
    revision = models.PositiveIntegerField(_("revision"))
    until = models.DateField(_("until"), help_text=_("the last day on which it goes on"))
    reason = models.CharField(_("why"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("by"),
    )
    submitted_by = actor(_("submitted by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("release of a credit hold")
        verbose_name_plural = _("releases of credit holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_by=None) | ~Q(by=F("submitted_by")),
                name="nobody_releases_what_they_submitted",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_credit_release_says_why"),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="no_hand_in_limit_and_release",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=NO_HAND_IN_BOTH,
            ),
        ]

    def __str__(self) -> str:
        return str(self.hold)


def holds_to_release(user: User) -> models.QuerySet[Hold]:
    """Return the open holds for credit that this user may release: of orders that others entered and submitted.

    Nor those that wait for a limit in which the user had a hand of late.
    """
    if not user.has_perm("orders.release_credit"):
        return Hold.objects.none()
    since = timezone.now() - timedelta(days=APART_DAYS)
    hands = CreditChange.objects.filter(
        Q(by=user) | Q(proposal__proposed_by=user),
        account=OuterRef("order__customer__credit_account"),
        at__gt=since,
    )
    own = Q(order__submitted_by=user) | had_a_hand(user, "order", Order)
    waiting = Hold.objects.open().filter(~Exists(hands), kind=HoldKind.CREDIT)
    return waiting.filter(order__in=Order.objects.visible_to(user)).exclude(own).order_by("since", "pk")
