"""What a person can do to a shipment next, and why not where they cannot."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fulfillment.models import Shipment
from fulfillment.status import ShipmentStatus
from oms.access import needs
from oms.models import User
from orders.services.holding import held_from_the_floor


@dataclass(frozen=True, slots=True)
class Verb:
    """A step: the states it starts from, its right, its page, and whether that page only takes a POST."""

    label: str | Promise
    states: tuple[ShipmentStatus, ...]
    permission: str
    url: str
    posts: bool = False
    before_hand_over: bool = False


VERBS = {
    "pick": Verb(
        gettext_lazy("Pick"),
        (ShipmentStatus.PLANNED, ShipmentStatus.PICKING),
        "fulfillment.pick_shipment",
        "admin:fulfillment_shipment_pick",
    ),
    "pack": Verb(
        gettext_lazy("Pack"),
        (ShipmentStatus.PICKING,),
        "fulfillment.pack_shipment",
        "admin:fulfillment_shipment_pack",
    ),
    "ship": Verb(
        gettext_lazy("Ship"),
        (ShipmentStatus.PACKED,),
        "fulfillment.ship_shipment",
        "admin:fulfillment_shipment_ship",
        posts=True,
    ),
    "hand_over": Verb(
        gettext_lazy("Hand over"),
        (ShipmentStatus.SHIPPED,),
        "fulfillment.ship_shipment",
        "admin:fulfillment_shipment_hand_over",
        posts=True,
        before_hand_over=True,
    ),
    "deliver": Verb(
        gettext_lazy("Delivered"),
        (ShipmentStatus.SHIPPED,),
        "fulfillment.track_shipment",
        "admin:fulfillment_shipment_deliver",
        posts=True,
    ),
    "void": Verb(
        gettext_lazy("Take back"),
        (ShipmentStatus.PLANNED, ShipmentStatus.PICKING, ShipmentStatus.PACKED, ShipmentStatus.SHIPPED),
        "fulfillment.void_shipment",
        "admin:fulfillment_shipment_void",
        before_hand_over=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A button: `blocked` says why it cannot be pressed and is empty when it can."""

    name: str
    label: str
    url: str
    posts: bool
    blocked: str
    first: bool


def steps_of(shipment: Shipment, user: User, *names: str) -> list[Step]:
    """Return the steps by these names; the first that is open is the one to take next."""
    steps: list[Step] = []
    for name in names:
        verb, blocked = VERBS[name], why_not(shipment, user, name)
        first = not blocked and name != "void" and not any(step.first for step in steps)
        url = reverse(verb.url, args=[shipment.pk])
        steps.append(Step(name, str(verb.label), url, verb.posts, blocked, first))
    return steps


def why_not(shipment: Shipment, user: User, name: str) -> str:
    """Return why the person cannot take this step now, nothing when they can."""
    verb = VERBS[name]
    if shipment.status not in verb.states:
        return _("not while it is %(status)s") % {"status": shipment.get_status_display()}
    if verb.before_hand_over and shipment.handed_over_at is not None:
        return _("the carrier has it already")
    if not user.has_perm(verb.permission):
        return needs(verb.permission)
    if name == "ship" and held_from_the_floor(shipment.order):
        return _("the order is on hold")
    return ""
