"""What a customer is asked by a link, and what was answered: who, when, from where, about which version."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from oms.columns import actor
from oms.documents import LockedQuerySet
from oms.triggers import append_only
from orders.models.quotes import QuoteVersion
from orders.status import Reply


class QuoteLinkQuerySet(LockedQuerySet["QuoteLink"]):
    def alive(self) -> Self:
        """Links that still open their version."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class QuoteLink(models.Model):
    """A way for the customer to read one version of a quote and to answer it. Only the token's hash is kept."""

    version = models.ForeignKey(
        QuoteVersion, on_delete=models.PROTECT, related_name="links", verbose_name=_("quote version")
    )
    token_hash = models.CharField(_("token hash"), max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    made_by = actor(_("made by"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True)
    revoked_by = actor(_("revoked by"))

    objects = QuoteLinkQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("customer link")
        verbose_name_plural = _("customer links")
        triggers = [
            pgtrigger.Protect(name="a_link_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="a_revoked_link_stays_so",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="a_link_opens_one_version",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.token_hash <> OLD.token_hash OR NEW.version_id <> OLD.version_id "
                    "OR NEW.expires_at > OLD.expires_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.pk}"


class QuoteAnswer(models.Model):
    """The customer's answer to a version, and how we know: by which link and address, or on whose word."""

    version = models.OneToOneField(
        QuoteVersion, on_delete=models.PROTECT, related_name="answer", verbose_name=_("quote version")
    )
    reply = models.CharField(_("answer"), max_length=10, choices=Reply.choices)
    name = models.CharField(_("name"), max_length=120, blank=True)
    customer_po = models.CharField(_("PO number"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
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
