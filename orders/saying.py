"""What a customer is told of an order when they ask: one sentence without anything of ours in it. No database here."""

from collections.abc import Iterable, Iterator

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from orders.status import IN_WORK, OrderStatus
from orders.waiting import Situation

ENDED = {
    OrderStatus.COMPLETED: gettext_lazy("everything has left us"),
    OrderStatus.CLOSED: gettext_lazy("everything has left us"),
    OrderStatus.CANCELLED: gettext_lazy("it was cancelled"),
}


def said_to_customer(name: str, order: Situation, tracking: Iterable[str] = ()) -> str:
    """Return what is said of the order `name`, with the addresses by which its cartons are followed.

    Whoever has to agree, and why, stays with us.
    """
    told = "; ".join(_told(order)) or _("we are working on it")
    return " ".join([f"{name}: {capfirst(told)}.", *tracking])


def _told(order: Situation) -> Iterator[str]:
    if order.status in ENDED:
        yield str(ENDED[OrderStatus(order.status)])
    elif order.status == OrderStatus.DRAFT:
        yield _("it is written down and not placed yet")
    elif order.blockers or order.status not in IN_WORK:
        yield _("we have it and are checking it; you will hear from us")
    else:
        yield from _in_work(order)


def _in_work(order: Situation) -> Iterator[str]:
    if order.shipped:
        yield _("%(shipped)s of %(lines)s lines have left us") % {
            "shipped": order.shipped,
            "lines": order.lines,
        }
    if order.in_the_warehouse:
        yield _("we are picking and packing")
    elif order.unreleased:
        yield _("the goods are set aside for you")
    if order.backordered:
        yield ngettext("%(n)s line waits for goods", "%(n)s lines wait for goods", order.backordered) % {
            "n": order.backordered
        } + _leaving(order)
    if order.later:
        yield ngettext(
            "%(n)s line comes later, as agreed", "%(n)s lines come later, as agreed", order.later
        ) % {"n": order.later}


def _leaving(order: Situation) -> str:
    return _(", to leave us by %(day)s") % {"day": date_format(order.leaves_on)} if order.leaves_on else ""
