"""What becomes of a credit account: terms that somebody asked for, terms in force, and what accounting told."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.credit import (
    COPY_TERMS,
    TERMS,
    CreditAccount,
    CreditFigures,
    CreditTerms,
    possible_terms,
)
from customers.status import NEXT_OF_CREDIT_PROPOSAL, CreditProposalStatus
from oms.columns import actor
from oms.documents import LockedQuerySet
from oms.models import User
from oms.triggers import append_only, moves_only_along, never_deleted

FACTS = (*TERMS, "account_id", "note", "proposed_by_id", "proposed_at")
FACTS_CHANGED = " OR ".join(f"NEW.{fact} IS DISTINCT FROM OLD.{fact}" for fact in FACTS)

# More may be owed, or owed for longer, than the terms `old` allow. Where nothing is granted yet, anything is more.
EASES = """(
    {old}.tolerance_percent IS NULL
    OR coalesce({new}.credit_limit, 'infinity') > coalesce({old}.credit_limit, 'infinity')
    OR coalesce({new}.insured_limit, 'infinity') > coalesce({old}.insured_limit, 'infinity')
    OR {old}.insured_until IS NOT NULL AND {new}.insured_limit IS NOT NULL
       AND coalesce({new}.insured_until, 'infinity') > {old}.insured_until
    OR {new}.tolerance_percent > {old}.tolerance_percent OR {new}.horizon_days < {old}.horizon_days
    OR {new}.overdue_amount > {old}.overdue_amount OR {new}.overdue_days > {old}.overdue_days)"""
# Of a change and what was asked for: the same terms for the same account, asked for by somebody else.
SAME_TERMS = " AND ".join(f"{{asked}}.{name} IS NOT DISTINCT FROM {{change}}.{name}" for name in TERMS)
AGREED_BY_ANOTHER = (
    "{asked}.id = {change}.proposal_id AND {asked}.account_id = {change}.account_id "
    f"AND {{asked}}.proposed_by_id <> {{change}}.by_id AND {SAME_TERMS}"
)
TWO_EASE = f"""
    IF NEW.by_id IS NOT NULL AND EXISTS (
        SELECT FROM customers_creditaccount a WHERE a.id = NEW.account_id AND {EASES.format(old="a", new="NEW")}
    ) AND NOT EXISTS (
        SELECT FROM customers_creditproposal p WHERE {AGREED_BY_ANOTHER.format(asked="p", change="NEW")}
    ) THEN
        RAISE EXCEPTION 'credit of account % is eased by two: one asks, another puts it in force', NEW.account_id
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # noqa: S608


class CreditProposalQuerySet(LockedQuerySet["CreditProposal"]):
    def waiting(self) -> "CreditProposalQuerySet":
        """Those that somebody else has to decide, oldest first."""
        return self.filter(status=CreditProposalStatus.WAITING).order_by("pk")

    def visible_to(self, user: User) -> "CreditProposalQuerySet":
        return self.filter(account__in=CreditAccount.objects.visible_to(user))

    def waiting_for(self, user: User) -> "CreditProposalQuerySet":
        """Those that this user may decide: of accounts that the user sees, and asked for by somebody else."""
        if not user.has_perm("customers.change_creditaccount"):
            return self.none()
        return self.visible_to(user).waiting().exclude(proposed_by=user)


class CreditProposal(CreditTerms):
    """Terms that are easier than those in force, asked for by one person until another decides. Never changed."""

    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="proposals", verbose_name=_("account")
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=CreditProposalStatus.choices,
        default=CreditProposalStatus.WAITING,
    )
    note = models.CharField(_("why"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    proposed_at = models.DateTimeField(_("asked at"), db_default=Now(), editable=False)
    decided_by = actor(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decision_note = models.CharField(_("decision"), max_length=200, blank=True)

    objects = CreditProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("proposal of credit")
        verbose_name_plural = _("proposals of credit")
        constraints = [
            *possible_terms("proposed_credit"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(status=CreditProposalStatus.WAITING),
                name="one_proposal_waits_per_credit_account",
            ),
            models.CheckConstraint(
                condition=~Q(status=CreditProposalStatus.IN_FORCE)
                | Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="nobody_puts_credit_in_force_they_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(status=CreditProposalStatus.WAITING, decided_at=None, decided_by=None)
                | ~Q(status=CreditProposalStatus.WAITING)
                & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="proposed_credit_is_decided_by_somebody",
            ),
        ]
        triggers = [
            *moves_only_along(NEXT_OF_CREDIT_PROPOSAL, start=CreditProposalStatus.WAITING),
            pgtrigger.Trigger(
                name="what_was_asked_for_and_decided_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"OLD.status <> 'waiting' OR {FACTS_CHANGED}"),
                func="RAISE EXCEPTION 'proposal % of credit stays as it was asked for and decided', OLD.id "
                "USING ERRCODE = 'check_violation';",
            ),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return str(self.account)


class CreditChange(CreditTerms):
    """What was granted from a moment on, and by whom. The one before it tells what it was changed from.

    What a person eases another person has asked for, in the same terms: the `proposal`.
    """

    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="changes", verbose_name=_("account")
    )
    proposal = models.OneToOneField(
        CreditProposal,
        on_delete=models.PROTECT,
        null=True,
        related_name="change",
        verbose_name=_("asked for by"),
    )
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["account", "pk"]
        verbose_name = _("change of a credit limit")
        verbose_name_plural = _("changes of credit limits")
        constraints = [*possible_terms("credit")]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="two_people_ease_credit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=TWO_EASE,
            ),
            pgtrigger.Trigger(
                name="keep_terms_of_the_account",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=COPY_TERMS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"


class CreditTold(CreditFigures):
    """What accounting told of an account, when and by whom; written by the account's trigger, never changed."""

    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="told", verbose_name=_("account")
    )
    by = actor(_("told by"))
    at = models.DateTimeField(_("told at"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["account", "-pk"]
        verbose_name = _("what accounting told")
        verbose_name_plural = _("what accounting told")
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.account_id} {self.as_of}"
