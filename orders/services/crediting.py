"""An order waits for credit, and goes on when there is some again or somebody who may says so."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import CreditAccount, CreditChange
from oms.company import business_day
from oms.models import User
from oms.rows import lock_row
from orders.errors import CannotDecide, NothingOpen
from orders.exposure import why_held
from orders.models import CreditRelease, Hold, Order
from orders.models.credit import APART_DAYS
from orders.models.hands import hands_in
from orders.services.approving import release_hold
from orders.services.exposing import exposure_of
from orders.status import IN_WORK, HoldKind

GOOD_FOR = timedelta(days=14)
LONGEST_REASON = 500
RIGHT = "release_credit"


def waits_for_credit(order: Order, *, is_held: bool, by: User | None) -> bool:
    """Return whether an order that is to be confirmed waits for credit; then it is held, and the reason says why.

    The caller holds the order and its agreements; the account is held from here on, so that of two orders at once the
    second sees the first. An order that `is_held` goes on when there is credit again. Without an account no statement.
    """
    account = hold_account(order)
    why = _why(order, account, adds=order.total) if account else ""
    _settle(order, why, is_held=is_held, by=by)
    return bool(why)


def hold_account(order: Order) -> CreditAccount | None:
    """Hold the account of the order's customer, after its agreements and before its stock; none where there is none."""
    account_id = order.customer.credit_account_id
    return None if account_id is None else lock_row(CreditAccount, account_id, "currency")


def ask_about_credit(order: Order, account: CreditAccount | None, before: Decimal, *, by: User | None) -> str:
    """Hold a changed order in work that costs more than before when that passes its customer's credit; return why.

    One that waited goes on when it does not pass it any more. The caller holds the account.
    """
    if account is None:
        return ""
    is_held = order.holds.open().filter(kind=HoldKind.CREDIT).exists()
    why = _why(order, account) if is_held or order.total > before else ""
    _settle(order, why, is_held=is_held, by=by)
    return why


def kept_for_credit(order: Order, *, by: User | None) -> bool:
    """Return whether an order in work goes no further for want of credit; then it is held, and the reason says why.

    Asked before its goods go to the warehouse and before they leave; one that was held goes on when there is credit
    again. The caller holds the order, with its customer, and not yet its stock.
    """
    account = hold_account(order)
    if account is None:
        return False
    is_held = order.holds.open().filter(kind=HoldKind.CREDIT).exists()
    why = _why(order, account, leaves=order)
    _settle(order, why, is_held=is_held, by=by)
    return bool(why)


def ask_again_about_credit() -> int:
    """Let orders in work go on that waited for credit when there is some again; return how many.

    Those that are not confirmed yet are asked about by whoever confirms. Safe to run twice and at once.
    """
    waiting = Hold.objects.open().filter(kind=HoldKind.CREDIT, order__status__in=IN_WORK)
    return sum(_goes_on(pk) for pk in sorted(waiting.values_list("order", flat=True)))


@transaction.atomic
def _goes_on(order_id: int) -> bool:
    order = lock_row(Order, order_id, "customer", "currency")
    is_held = order.holds.open().filter(kind=HoldKind.CREDIT).exists()
    return is_held and not kept_for_credit(order, by=None)


def _settle(order: Order, why: str, *, is_held: bool, by: User | None) -> None:
    if why and is_held:
        order.holds.open().filter(kind=HoldKind.CREDIT).exclude(reason=why).update(reason=why)
    elif why:
        _hold(order, why, by=by)
    elif is_held:
        release_hold(order, HoldKind.CREDIT, by=by)
        order.record("hold ended", by=by, note=_("there is credit again"))


def _why(
    order: Order, account: CreditAccount, adds: Decimal = Decimal(0), leaves: Order | None = None
) -> str:
    if account.is_boundless and not account.overdue:
        return ""
    why = why_held(exposure_of(account, adds, order.currency, leaves))
    return "" if why and _is_released(order) else why[:LONGEST_REASON]


def _is_released(order: Order) -> bool:
    """Whether somebody let the order go on as it is now, and in time."""
    releases = CreditRelease.objects.filter(
        hold__order=order, amount__gte=order.total, revision=order.revision, until__gte=business_day()
    )
    return releases.exists()


def _hold(order: Order, why: str, *, by: User | None) -> None:
    owner = Group.objects.filter(
        permissions__codename=RIGHT, permissions__content_type__app_label="orders"
    ).first()
    Hold.objects.create(order=order, kind=HoldKind.CREDIT, reason=why, owner=owner, placed_by=by)
    order.record("held", by=by, note=_("for credit"))


@transaction.atomic
def release_credit(order_id: int, *, by: User, reason: str) -> Order:
    """Let an order that waits for credit go on, as it is now, within two weeks; until it has left nobody asks again.

    Raise NothingOpen when it does not wait, CannotDecide for who entered, edited or submitted it, for who changed the
    limit within 30 days, superusers too, and without a reason.
    """
    order = lock_row(Order, order_id, "customer")
    hold = order.holds.open().filter(kind=HoldKind.CREDIT).first()
    account_id = order.customer.credit_account_id
    if hold is None or account_id is None:
        raise NothingOpen(_("%(order)s does not wait for credit; confirm it.") % {"order": order})
    _require_may_release(order, account_id, by=by, reason=reason)
    CreditRelease.objects.create(
        hold=hold,
        account_id=account_id,
        amount=order.total,
        revision=order.revision,
        until=business_day() + GOOD_FOR,
        reason=reason,
        by=by,
        submitted_by_id=order.submitted_by_id,
    )
    release_hold(order, HoldKind.CREDIT, by=by)
    order.record("credit released", by=by, note=reason)
    return order


def _require_may_release(order: Order, account_id: int, *, by: User, reason: str) -> None:
    if by.pk in {order.submitted_by_id, *hands_in(order)}:
        raise CannotDecide(_("%(order)s is your own; somebody else has to release it.") % {"order": order})
    since = timezone.now() - timedelta(days=APART_DAYS)
    hands = Q(by=by) | Q(proposal__proposed_by=by)
    if CreditChange.objects.filter(hands, account=account_id, at__gt=since).exists():
        what = _(
            "You changed the limit that %(order)s waits for within %(days)s days; somebody else has to release it."
        )
        raise CannotDecide(what % {"order": order, "days": APART_DAYS})
    if not reason:
        raise CannotDecide(_("Say why %(order)s may go on.") % {"order": order})
