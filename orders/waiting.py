"""What a document waits for, in one sentence: cause, owner, since when, and the next step. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.status import OrderStatus, QuoteStatus


@dataclass(frozen=True, slots=True)
class Blocker:
    """An open hold: its reason, whose turn it is, since when, what that person does, how long that usually takes.

    One that `ends_by_itself` does when the order is confirmed and the reason is gone.
    """

    reason: str
    owner: str
    since: datetime
    next_step: str
    usual: timedelta | None = None
    ends_by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """All that an order's sentence is made of. Counts are numbers of lines."""

    status: str
    since: datetime
    blockers: Sequence[Blocker] = ()
    lines: int = 0
    shipped: int = 0
    backordered: int = 0
    short: Sequence[str] = ()
    supply_on: date | None = None  # the last day on which something is expected, today or later
    late_since: date | None = None  # the first day that has passed without its delivery
    unsupplied: Sequence[str] = ()  # the first products for which nothing is on its way to their warehouse
    unsupplied_lines: int = 0
    breaking: int = 0  # lines whose promise will not be kept as things stand, at most so many days late
    late_days: int = 0
    later: int = 0  # lines due so late that their stock is set aside from a day on
    set_aside_on: date | None = None
    leaves_on: date | None = None  # the last day on which a line that waits is expected to leave
    unreleased: bool = False
    in_the_warehouse: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """The answer. Without an owner there is nothing to wait for."""

    cause: str
    owner: str = ""
    since: datetime | None = None
    next_step: str = ""
    usual: timedelta | None = None

    @property
    def usually(self) -> str:
        return about(self.usual) if self.usual is not None else ""


def about(wait: timedelta) -> str:
    """Say how long a wait is as people do: in minutes by fives, in hours, or in days."""
    minutes = wait / timedelta(minutes=1)
    if minutes < 57.5:
        return _("%(n)s min") % {"n": max(5, 5 * round(minutes / 5))}
    if minutes < 36 * 60:
        return _("%(n)s h") % {"n": round(minutes / 60)}
    days = round(minutes / 60 / 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def order_waits_for(order: Situation) -> Waiting:
    """Return what the order waits for; the first cause in the order of the chain."""
    if order.blockers:
        return _for(order.blockers[0])
    if order.status == OrderStatus.DRAFT:
        return Waiting(_("it is a draft"), _("sales"), order.since, _("submit it"))
    if order.status == OrderStatus.SUBMITTED:
        return Waiting(
            _("it is complete and nobody has confirmed it"), _("sales"), order.since, _("confirm it")
        )
    if order.status in (OrderStatus.CONFIRMED, OrderStatus.RELEASED):
        return _in_work(order)
    if order.status == OrderStatus.COMPLETED:
        return Waiting(_("everything has left"), _("finance"), order.since, _("close it"))
    return Waiting(_("it was cancelled") if order.status == OrderStatus.CANCELLED else _("it is closed"))


def _for(blocker: Blocker) -> Waiting:
    return Waiting(blocker.reason, blocker.owner, blocker.since, blocker.next_step, blocker.usual)


def _in_work(order: Situation) -> Waiting:
    if order.later and not (order.unreleased or order.in_the_warehouse or order.backordered):
        return Waiting(
            _later(order) + _progress(order),
            _("nobody"),
            order.since,
            _("nothing: it is set aside by itself"),
        )
    if order.unreleased:
        return _with_rest(order, _("its stock is reserved and not released"), _("release it"))
    if order.in_the_warehouse:
        return _with_rest(order, _("it is being picked or packed"), _("ship it"))
    if order.backordered:
        return Waiting(_short(order) + _progress(order), _("purchasing"), order.since, _supply(order))
    return Waiting(
        _("everything has left") + _progress(order), _("the warehouse"), order.since, _("complete it")
    )


def _with_rest(order: Situation, cause: str, next_step: str) -> Waiting:
    """What the warehouse does, and what purchasing does meanwhile for the lines that are short."""
    owner = _("the warehouse")
    if order.backordered:
        owner = _("the warehouse and purchasing")
        cause, next_step = f"{cause}; {_short(order)}", f"{next_step}; {_supply(order)}"
    if order.later:
        cause = f"{cause}; {_later(order)}"
    return Waiting(cause + _progress(order), owner, order.since, next_step)


def _short(order: Situation) -> str:
    names = ", ".join(order.short)
    more = " …" if order.backordered > len(order.short) else ""
    waits = ngettext(
        "%(n)s line waits for stock: %(names)s", "%(n)s lines wait for stock: %(names)s", order.backordered
    ) % {
        "n": order.backordered,
        "names": names + more,
    }
    return waits + _promises(order)


def _later(order: Situation) -> str:
    return ngettext(
        "%(n)s line is due later and promised; its stock is set aside on %(day)s",
        "%(n)s lines are due later and promised; their stock is set aside from %(day)s on",
        order.later,
    ) % {"n": order.later, "day": date_format(order.set_aside_on) if order.set_aside_on else ""}


def _promises(order: Situation) -> str:
    if not order.leaves_on:
        return ""
    day = date_format(order.leaves_on)
    if not order.breaking:
        return _(" and leaves on %(day)s at the latest, as promised") % {"day": day}
    return ngettext(
        "; %(n)s promise will break: it leaves on %(day)s, %(days)s days late",
        "; %(n)s promises will break: the last leaves on %(day)s, up to %(days)s days late",
        order.breaking,
    ) % {"n": order.breaking, "day": day, "days": order.late_days}


def _progress(order: Situation) -> str:
    if not order.shipped:
        return ""
    return _(" (%(shipped)s of %(lines)s lines shipped)") % {"shipped": order.shipped, "lines": order.lines}


def _supply(order: Situation) -> str:
    said = []
    if order.unsupplied:
        more = " …" if order.unsupplied_lines > len(order.unsupplied) else ""
        names = ", ".join(order.unsupplied) + more
        said.append(_("nothing is on its way for %(names)s; buy it") % {"names": names})
    if order.late_since:
        said.append(_("a delivery is late, was due on %(day)s") % {"day": date_format(order.late_since)})
    if order.supply_on:
        said.append(_("the next delivery is expected on %(day)s") % {"day": date_format(order.supply_on)})
    return "; ".join(said) or _("buy it: nothing is on its way")


def quote_waits_for(
    status: str,
    since: datetime,
    blockers: Sequence[Blocker],
    valid_until: date,
    asked_for: Blocker | None = None,
) -> Waiting:
    """Return what the quote waits for. What a customer `asked_for` instead waits for us, though it can be accepted."""
    if status == QuoteStatus.WAITING and blockers:
        return _for(blockers[0])
    if status == QuoteStatus.SENT and asked_for:
        return _for(asked_for)
    day = date_format(valid_until)
    open_ones = {
        QuoteStatus.DRAFT: Waiting(_("it is a draft"), _("sales"), since, _("send it")),
        QuoteStatus.WAITING: Waiting(_("it is approved and not sent"), _("sales"), since, _("send it")),
        QuoteStatus.SENT: Waiting(
            _("it was sent"), _("the customer"), since, _("an answer until the end of %(day)s") % {"day": day}
        ),
        QuoteStatus.ACCEPTED: Waiting(_("the customer has accepted"), _("sales"), since, _("make the order")),
    }
    ended = {
        QuoteStatus.DECLINED: (_("the customer declined it"), _("revise it, or say why it was lost")),
        QuoteStatus.EXPIRED: (_("it was valid until %(day)s") % {"day": day}, _("offer it again")),
        QuoteStatus.ORDERED: (_("it has become an order"), _("follow the order")),
        QuoteStatus.CANCELLED: (_("it was cancelled"), ""),
    }
    if known := open_ones.get(QuoteStatus(status)):
        return known
    cause, next_step = ended[QuoteStatus(status)]
    return Waiting(cause, next_step=next_step)
