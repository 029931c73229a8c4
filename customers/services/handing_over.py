"""Customers change hands: another rep or another team looks after them from now on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from customers.errors import NotHandedOver
from customers.models import Customer, CustomerEvent, SalesTeam
from customers.status import CustomerEventKind
from oms.models import User
from oms.sets import insert_rows


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom customers go, and why. None leaves the rep or the team as it is."""

    reason: str
    rep: User | None = None
    team: SalesTeam | None = None

    def changes(self) -> Mapping[str, User | SalesTeam]:
        return {
            name: value for name, value in {"rep": self.rep, "team": self.team}.items() if value is not None
        }


@transaction.atomic
def hand_over_customers(ids: Iterable[int], to: HandOver, *, by: User) -> list[Customer]:
    """The customers are looked after by the new rep and team; return those that were not before.

    Their quotes, orders and shipments are seen by the new ones at once, as a document is seen with its customer.
    Each has the change in its history. Raise NotHandedOver; then nothing has changed.
    """
    _require_somebody(to)
    changes = to.changes()
    found = Customer.objects.filter(pk__any_of=set(ids)).exclude(**changes).select_related("rep", "team")
    customers = list(found.order_by("pk").select_for_update(of=("self",), no_key=True))
    _require_their_own(customers)
    Customer.objects.filter(pk__any_of=[customer.pk for customer in customers]).update(**changes)
    insert_rows(
        CustomerEvent,
        {
            "customer_id": [customer.pk for customer in customers],
            "detail": [_sentence(customer, to) for customer in customers],
        },
        kind=CustomerEventKind.HANDED_OVER,
        by=by,
    )
    return customers


def _require_somebody(to: HandOver) -> None:
    if not to.changes():
        raise NotHandedOver(_("Choose a rep or a team that looks after them from now on."))
    if to.rep and not (to.rep.is_active and to.rep.is_staff):
        told = {"rep": to.rep.get_username()}
        raise NotHandedOver(_("%(rep)s cannot sign in to the office. Choose somebody else.") % told)
    if not to.reason:
        raise NotHandedOver(_("Write why; it stands in the history of each customer."))


def _require_their_own(customers: Iterable[Customer]) -> None:
    for customer in customers:
        if customer.merged_into_id is not None:
            told = {"code": customer.code}
            raise NotHandedOver(
                _("%(code)s was merged into another customer and goes where that one goes.") % told
            )


def _sentence(customer: Customer, to: HandOver) -> str:
    """Return what changed, with the names as they are today."""
    parts = []
    if to.rep and to.rep.pk != customer.rep_id:
        told = {"old": _name(customer.rep), "new": _name(to.rep)}
        parts.append(_("rep %(old)s → %(new)s") % told)
    if to.team and to.team.pk != customer.team_id:
        told = {"old": str(customer.team or _("nobody")), "new": str(to.team)}
        parts.append(_("team %(old)s → %(new)s") % told)
    return f"{', '.join(parts)}: {to.reason}"


def _name(user: User | None) -> str:
    return user.get_full_name() or user.get_username() if user else _("nobody")
