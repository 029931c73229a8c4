"""How much a company and those below it may owe us, and what accounting last told of what they owe."""

from datetime import date
from decimal import Decimal
from typing import Self

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.governed import govern
from customers.models.parties import Customer
from oms.columns import actor
from oms.models import Currency, User
from oms.triggers import filled_by_trigger, never_deleted

TERMS = (
    "credit_limit", "tolerance_percent", "horizon_days", "overdue_amount", "overdue_days", "insured_limit",
    "insured_until",
)  # fmt: skip
FIGURES = ("as_of", "receivables", "unapplied", "deposits", "overdue", "overdue_since")

COPY_TERMS = f"""
    UPDATE customers_creditaccount SET {", ".join(f"{name} = NEW.{name}" for name in TERMS)}
    WHERE id = NEW.account_id;
    RETURN NULL;
"""  # noqa: S608
KEEP_WHAT_WAS_TOLD = f"""
    INSERT INTO customers_credittold (account_id, by_id, {", ".join(FIGURES)})
    VALUES (NEW.id, NEW.told_by_id, {", ".join(f"NEW.{name}" for name in FIGURES)});
    RETURN NULL;
"""  # noqa: S608
TOLD_ANEW = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in (*FIGURES, "told_at"))


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
    insured_limit = models.DecimalField(
        _("insured up to"),
        max_digits=18,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("empty: nobody insures it; else the lower of the two limits counts"),
    )
    insured_until = models.DateField(
        _("insured until"), null=True, blank=True, help_text=_("the last day; afterwards nothing is insured")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        if self.insured_until is not None and self.insured_limit is None:
            raise ValidationError({"insured_limit": _("Say how much is insured until that day.")})


def possible_terms(of: str) -> list[models.CheckConstraint]:
    """Return what terms must be, wherever they are written down; `of` begins the names."""
    return [
        models.CheckConstraint(
            condition=(Q(credit_limit=None) | Q(credit_limit__gte=0))
            & (Q(insured_limit=None) | Q(insured_limit__gte=0)),
            name=f"{of}_limit_is_never_negative",
        ),
        models.CheckConstraint(
            condition=Q(tolerance_percent__isnull=False, tolerance_percent__gte=0)
            & Q(tolerance_percent__lte=100),
            name=f"{of}_tolerance_is_a_percentage",
        ),
        models.CheckConstraint(
            condition=Q(
                horizon_days__isnull=False,
                horizon_days__lte=730,
                overdue_amount__isnull=False,
                overdue_amount__gte=0,
                overdue_days__isnull=False,
            ),
            name=f"{of}_terms_are_told_whole",
        ),
        models.CheckConstraint(
            condition=Q(insured_until=None) | Q(insured_limit__isnull=False),
            name=f"{of}_is_insured_until_a_day_up_to_an_amount",
        ),
    ]


class CreditFigures(models.Model):
    """What accounting knows at the end of the day `as_of`, in the currency of the account."""

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

    class Meta:
        abstract = True


class CreditAccountQuerySet(models.QuerySet["CreditAccount"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("customers.view_creditaccount"):
            return self.none()
        return self.filter(customer__in=Customer.objects.visible_to(user))


class CreditAccount(CreditTerms, CreditFigures):
    """The credit of a company and of all below it that have no account of their own.

    Its terms are those of its last change, written by that ledger's trigger. Until there is one it is not open: nobody
    is governed by it. What accounting told before is kept (`CreditTold`).
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.PROTECT, related_name="own_credit_account", verbose_name=_("customer")
    )
    currency = models.ForeignKey(
        Currency, on_delete=models.PROTECT, db_index=False, verbose_name=_("currency")
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
                operation=pgtrigger.UpdateOf("tolerance_percent"),
                condition=pgtrigger.Condition(
                    "OLD.tolerance_percent IS NULL AND NEW.tolerance_percent IS NOT NULL"
                ),
                func=govern("= NEW.customer_id"),
            ),
            pgtrigger.Trigger(
                name="keep_accounts_of_those_below_when_moved",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("customer_id"),
                func=govern("IN (OLD.customer_id, NEW.customer_id)"),
            ),
            pgtrigger.Trigger(
                name="keep_what_was_told_first",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=KEEP_WHAT_WAS_TOLD,
            ),
            pgtrigger.Trigger(
                name="keep_what_was_told",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(TOLD_ANEW),
                func=KEEP_WHAT_WAS_TOLD,
            ),
            *filled_by_trigger("terms", *TERMS),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return str(self.customer)

    @property
    def is_open(self) -> bool:
        """Whether anything was granted yet, be it nothing."""
        return self.tolerance_percent is not None

    @property
    def is_boundless(self) -> bool:
        """Whether neither we nor an insurer set a limit."""
        return self.credit_limit is None and self.insured_limit is None

    def limit_on(self, day: date) -> Decimal | None:
        """The lower of what is granted and what is insured on that day; none without either."""
        limits = [self.credit_limit, self._insured_on(day)]
        return min((limit for limit in limits if limit is not None), default=None)

    def _insured_on(self, day: date) -> Decimal | None:
        is_over = self.insured_until is not None and self.insured_until < day
        return Decimal(0) if is_over else self.insured_limit
