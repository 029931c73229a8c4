"""Price lists, their numbered versions, and who they are for."""

from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.parties import Address, Customer, CustomerGroup, SalesChannel
from customers.models.tree import Above
from customers.status import VersionStatus
from oms.documents import LockedQuerySet
from oms.errors import IllegalMove
from oms.models import Currency, User
from oms.ranges import days, point

ALWAYS = date(2000, 1, 1)


WORKS_ON_ALL = ("view_all_customers", "change_pricelist", "add_pricerule", "approve_prices")


class PriceListQuerySet(LockedQuerySet["PriceList"]):
    def visible_to(self, user: User) -> Self:
        return self.seen_by(user) if user.has_perm("customers.view_pricelist") else self.none()

    def seen_by(self, user: User) -> Self:
        """Lists that can price something for customers whom the user sees; all for who keeps or approves prices.

        Those are for everybody, a group or a channel, and for these customers and the companies above them; and the
        lists from whose prices they take a percentage off.
        """
        if any(user.has_perm(f"customers.{right}") for right in WORKS_ON_ALL):
            return self
        seen = Customer.objects.visible_to(user)
        theirs = Q(customer__in=seen) | Q(customer__in=Above(seen)) | Q(ship_to__customer__in=seen)
        for_them = PriceListAssignment.objects.filter(theirs | Q(customer=None, ship_to=None))
        bases = for_them.exclude(price_list__based_on=None).values("price_list__based_on")
        return self.filter(Q(pk__in=for_them.values("price_list")) | Q(pk__in=bases))


class PriceList(models.Model):
    """A named set of prices in one currency, in numbered versions.

    A percentage that a rule takes off is taken off the price in `based_on`, else off the price for everyone.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, verbose_name=_("currency"))
    based_on = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("percentages are taken off"),
        help_text=_("empty: the list for everyone"),
    )
    best_of = models.BooleanField(
        _("best price"),
        default=False,
        db_default=False,
        help_text=_("applies wherever it is cheaper, also than prices of a nearer list"),
    )
    floor_margin_percent = models.DecimalField(
        _("floor above cost, in percent"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=_("whoever goes below the cost and so many percent asks for approval"),
    )
    needs_approval = models.BooleanField(
        _("needs a second person"),
        default=False,
        db_default=False,
        help_text=_("prices change only by a version that somebody else has approved"),
    )

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(condition=~Q(based_on=F("id")), name="price_list_is_not_based_on_itself")
        ]

    def __str__(self) -> str:
        return self.code


class PriceListVersionQuerySet(LockedQuerySet["PriceListVersion"]):
    def visible_to(self, user: User) -> Self:
        if not user.has_perm("customers.view_pricerule"):
            return self.none()
        return self.filter(price_list__in=PriceList.objects.seen_by(user))

    def in_force_on(self, day: date) -> Self:
        return self.filter(
            Q(in_force_to=None) | Q(in_force_to__gt=day),
            status=VersionStatus.IN_FORCE,
            in_force_from__lte=day,
        )

    def being_made(self) -> Self:
        """What is not yet in force and may still become it: one version per list at most."""
        return self.filter(status__in=BEING_MADE)


BEING_MADE = [VersionStatus.DRAFT, VersionStatus.PROPOSED, VersionStatus.APPROVED]


class PriceListVersion(models.Model):
    """All rules of a list as they hold in a period [from, to). Prices of another day are in another version."""

    NEXT = {
        VersionStatus.DRAFT: {VersionStatus.PROPOSED, VersionStatus.IN_FORCE, VersionStatus.DROPPED},
        VersionStatus.PROPOSED: {VersionStatus.DRAFT, VersionStatus.APPROVED, VersionStatus.DROPPED},
        VersionStatus.APPROVED: {VersionStatus.DRAFT, VersionStatus.IN_FORCE, VersionStatus.DROPPED},
        VersionStatus.IN_FORCE: {VersionStatus.WITHDRAWN},
        VersionStatus.WITHDRAWN: set(),
        VersionStatus.DROPPED: set(),
    }

    price_list = models.ForeignKey(
        PriceList, on_delete=models.PROTECT, related_name="versions", verbose_name=_("price list")
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(
        _("status"), max_length=10, choices=VersionStatus.choices, default=VersionStatus.DRAFT
    )
    in_force_from = models.DateField(_("in force from"), null=True)
    in_force_to = models.DateField(_("in force until before"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    put_in_force_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("put in force by"),
    )

    objects = PriceListVersionQuerySet.as_manager()

    class Meta:
        ordering = ["price_list", "-number"]
        verbose_name = _("version of a price list")
        verbose_name_plural = _("versions of price lists")
        permissions = [("approve_prices", _("Can approve versions of price lists"))]
        constraints = [
            models.UniqueConstraint(fields=["price_list", "number"], name="versions_count_per_price_list"),
            models.UniqueConstraint(
                fields=["price_list"],
                condition=Q(status__in=BEING_MADE),
                name="one_version_of_a_list_is_being_made",
            ),
            models.CheckConstraint(
                condition=~Q(status=VersionStatus.IN_FORCE) | Q(in_force_from__isnull=False),
                name="version_in_force_has_a_first_day",
            ),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")),
                name="version_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_prices_they_proposed",
            ),
            ExclusionConstraint(
                name="one_version_in_force_per_day",
                expressions=[
                    (point("price_list_id"), RangeOperators.OVERLAPS),
                    (days("in_force_from", "in_force_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status=VersionStatus.IN_FORCE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} v{self.number}"

    @property
    def takes_changes(self) -> bool:
        """Whether its rules may change; the database refuses it elsewhere."""
        in_force = self.status == VersionStatus.IN_FORCE and self.in_force_to is None
        return self.status == VersionStatus.DRAFT or (in_force and not self.price_list.needs_approval)

    def require_can_become(self, status: VersionStatus) -> None:
        """Raise IllegalMove when the table of moves has no such step."""
        if status not in self.NEXT[VersionStatus(self.status)]:
            raise IllegalMove(str(self), str(self.get_status_display()), str(status.label))


def at_most_one(*names: str) -> Q:
    """Return the condition that all but one of these columns are empty, whichever that is."""
    found = Q()
    for kept in names:
        found |= Q(**{name: None for name in names if name != kept})
    return found


class PriceListAssignmentQuerySet(models.QuerySet["PriceListAssignment"]):
    def named_in_files(self) -> Self:
        """Those that a file of prices can name. One for an address or a channel is none, and is not for everyone."""
        return self.filter(ship_to=None, channel=None)


class PriceListAssignment(models.Model):
    """For whom a price list is: one ship-to address, a customer and its children, a group, a channel, else everyone.

    A group stands for the customers that belong to it and for those that buy through it.
    """

    price_list = models.ForeignKey(
        PriceList, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("price list")
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
        verbose_name=_("customer"),
    )
    group = models.ForeignKey(
        CustomerGroup, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("group")
    )
    ship_to = models.ForeignKey(
        Address, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("ship-to address")
    )
    channel = models.ForeignKey(
        SalesChannel, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("sales channel")
    )

    objects = PriceListAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["price_list", "pk"]
        verbose_name = _("assignment of a price list")
        verbose_name_plural = _("assignments of price lists")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "customer", "group", "ship_to", "channel"],
                nulls_distinct=False,
                name="one_assignment_per_party",
            ),
            models.CheckConstraint(
                condition=at_most_one("customer", "group", "ship_to", "channel"),
                name="assignment_names_one_party_at_most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price_list} → {self.party}"

    @property
    def party(self) -> str:
        return str(self.customer or self.group or self.ship_to or self.channel or _("everyone"))
