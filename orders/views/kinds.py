"""Orders and quotes have the same pad and the same kind of page: what differs between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import register_converter, reverse

from oms.models import User
from orders.models import Order, Quote
from orders.services.capturing import Header, enter_order
from orders.services.drafting import Edit, Edited, edit_order, edit_quote
from orders.services.pricing import LineInput
from orders.services.quoting import draft_quote

JOINED = ("customer", "currency", "ship_to", "warehouse", "created_by")


class StaffRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


class NumberConverter:
    """A document's number in a URL; anything else is not found."""

    regex = "[A-Z]{1,4}-[0-9]{1,15}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(NumberConverter, "number")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its model, the rights to it, and the services behind its pad."""

    name: str
    model: type[Order] | type[Quote]
    enter: Callable[[int, Sequence[LineInput], User], Order | Quote]
    edit: Callable[[int, Edit, User], Edited]
    go_on: str
    go_on_permission: str

    def find(self, request: StaffRequest, number: str) -> Any:
        """Return the document when the user sees it, else 404."""
        return get_object_or_404(self._visible(request.user), number=number)

    def find_by_id(self, request: StaffRequest, object_id: str) -> Any:
        """Return the document with this id, as the admin's own URLs have it, else 404."""
        pk = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        return get_object_or_404(self._visible(request.user), pk=pk)

    def _visible(self, user: User) -> Any:
        return self.model.objects.visible_to(user).select_related(*JOINED)

    def require(self, request: StaffRequest, verb: str) -> None:
        """Raise 403 unless the user may add or change documents of this kind."""
        if not request.user.has_perm(f"orders.{verb}_{self.name}"):
            raise PermissionDenied

    def url(self, what: str, *args: object) -> str:
        return reverse(f"admin:orders_{self.name}_{what}", args=args)


ORDERS = Kind(
    name="order",
    model=Order,
    enter=lambda customer, lines, by: enter_order(Header(customer), lines, by=by),
    edit=lambda pk, edit, by: edit_order(pk, edit, by=by),
    go_on="submit",
    go_on_permission="orders.submit_order",
)
QUOTES = Kind(
    name="quote",
    model=Quote,
    enter=lambda customer, lines, by: draft_quote(Header(customer), lines, by=by),
    edit=lambda pk, edit, by: edit_quote(pk, edit, by=by),
    go_on="send",
    go_on_permission="orders.send_quote",
)
