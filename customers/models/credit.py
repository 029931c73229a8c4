"""How much a company and those below it may owe us, and what accounting last told of what they owe."""

from typing import Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models.governed import govern
from customers.models.parties import Customer
from oms.columns import actor
from oms.models import Currency, User
from oms.triggers import append_only, filled_by_trigger, never_deleted

TERMS = ("credit_limit", "tolerance_percent", "horizon_days", "overdue_amount", "overdue_days")
FIGURES = ("as_of", "receivables", "unapplied", "deposits", "overdue", "overdue_since")

COPY_TERMS = f"""
    UPDATE customers_creditaccount SET {", ".join(f"{name} = NEW.{name}" for name in TERMS)}
    WHERE id = NEW.account_id;
    RETURN NULL;
"""  # noqa: S608


class CreditTerms(models.Model):
    """What is granted. Without a `credit_limit` there is none; 0 is no credit.

    Above the limit and `tolerance_percent` of it an order waits. What is confirmed counts when it leaves within
    `horizon_days`. More than `overdue_amount` that is overdue for more than `overdue_days` lets an order wait too.
    """

    credit_limit = models.DecimalField(
        _("limit"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("empty: without limit; 0: no credit at all"),
    )
    tolerance_percent = models.DecimalField(
        _("tolerance %"),
        max_digits=5,
        decimal_places=2,
        null=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("by so much the limit may be passed"),
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("horizon in days"),
        null=True,
        validators=[MaxValueValidator(730)],
        help_text=_("what is confirmed and leaves later does not count yet"),
    )
    overdue_amount = models.DecimalField(
        _("overdue above"),
        max_digits=18,
        decimal_places=4,
        null=True,
        validators=[MinValueValidator(0)],
        help_text=_("an order waits when more is overdue …"),
    )
    overdue_days = models.PositiveSmallIntegerField(
        _("overdue for days"), null=True, help_text=_("… for more than so many days; both together")
    )

    class Meta:
        abstract = True


class CreditAccountQuerySet(models.QuerySet["CreditAccount"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("customers.view_creditaccount"):
            return self.none()
        return self.filter(customer__in=Customer.objects.visible_to(user))


class CreditAccount(CreditTerms):
    """The credit of a company and of all below it that have no account of their own.

    Its terms are those of its last change, written by that ledger's trigger. The figures are accounting's, at the end
    of the day `as_of`.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, related_name="own_credit_account", verbose_name=_("customer")
    )
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, db_index=False, verbose_name=_("currency")
    )
    as_of = models.DateField(_("as of the end of"))
    receivables = models.DecimalField(_("open receivables"), max_digits=18, decimal_places=4, default=0)
    unapplied = models.DecimalField(
        _("unapplied credits and payments"), max_digits=18, decimal_places=4, default=0
    )
    deposits = models.DecimalField(_("deposits"), max_digits=18, decimal_places=4, default=0)
    overdue = models.DecimalField(
        _("overdue"), max_digits=18, decimal_places=4, default=0, help_text=_("of the receivables")
    )
    overdue_since = models.DateField(
        _("overdue since"), null=True, blank=True, help_text=_("the day the oldest of it was due")
    )
    told_at = models.DateTimeField(_("told at"), null=True, editable=False)
    told_by = actor(_("told by"))

    objects = CreditAccountQuerySet.as_manager()

    class Meta:
        ordering = ["customer__name"]
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        permissions = [("tell_credit", _("Can tell what accounting knows of credit"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(receivables__gte=0, unapplied__gte=0, deposits__gte=0, overdue__gte=0),
                name="credit_figures_are_never_negative",
            ),
            models.CheckConstraint(
                condition=Q(overdue__lte=F("receivables")), name="what_is_overdue_is_receivable"
            ),
            models.CheckConstraint(
                condition=Q(overdue=0, overdue_since=None)
                | Q(overdue__gt=0, overdue_since__isnull=False, overdue_since__lte=F("as_of")),
                name="what_is_overdue_was_due_some_day",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="keep_accounts_of_those_below",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=govern("= NEW.customer_id"),
            ),
            pgtrigger.Trigger(
                name="keep_accounts_of_those_below_when_moved",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("customer_id"),
                func=govern("IN (OLD.customer_id, NEW.customer_id)"),
            ),
            *filled_by_trigger("terms", *TERMS),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return str(self.customer)


class CreditChange(CreditTerms):
    """What was granted from a moment on, and by whom. The one before it tells what it was changed from."""

    account = models.ForeignKey(
        CreditAccount, on_delete=models.PROTECT, related_name="changes", verbose_name=_("account")
    )
    by = actor(_("by"))
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["account", "pk"]
        verbose_name = _("change of a credit limit")
        verbose_name_plural = _("changes of credit limits")
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0), name="credit_limit_is_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(tolerance_percent__isnull=False, tolerance_percent__gte=0)
                & Q(tolerance_percent__lte=100),
                name="credit_tolerance_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=Q(
                    horizon_days__isnull=False,
                    horizon_days__lte=730,
                    overdue_amount__isnull=False,
                    overdue_amount__gte=0,
                    overdue_days__isnull=False,
                ),
                name="credit_terms_are_told_whole",
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="keep_terms_of_the_account",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=COPY_TERMS,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.pk}"
