"""What every page of our own shares: the office around it, and forms that act once however often they are sent."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, models
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from oms.contention import again_after_ties
from oms.errors import CONTENTION, Busy, Refused, state_of
from oms.idempotency import Answer, fingerprint, once
from oms.models import User
from oms.text import clean

NOT_THE_REQUEST = {"csrfmiddlewaretoken"}


def page(
    request: HttpRequest, template: str, about: type[models.Model], title: str, **context: Any
) -> TemplateResponse:
    """Answer with a page of the office. `original`, when given, is the document the page is about."""
    around = {**admin.site.each_context(request), "opts": about._meta, "title": title}
    return TemplateResponse(request, template, {**around, "operation": uuid.uuid4().hex, **context})


def actor(request: HttpRequest) -> User:
    """The person who acts; the office lets nobody else in."""
    return cast(User, request.user)


def require(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied without the permission."""
    if not actor(request).has_perm(permission):
        raise PermissionDenied


def require_works_in(request: HttpRequest, warehouse: Any) -> None:
    """Raise PermissionDenied when the warehouse is visible to the person but not theirs to work in."""
    if not type(warehouse).objects.worked_by(actor(request)).filter(pk=warehouse.pk).exists():
        raise PermissionDenied


@contextmanager
def refused_when_busy() -> Iterator[None]:
    """Turn waiting in vain for a lock into a refusal that says so."""
    try:
        yield
    except OperationalError as error:
        if state_of(error) not in CONTENTION:
            raise
        raise Busy(_("Somebody else is changing the same thing; try again in a moment.")) from error


def done_once(request: HttpRequest, act: Callable[[], dict[str, Any]]) -> Answer:
    """Run `act` unless this form was sent before; then return the first answer. Raise what `act` refuses.

    Raise Busy, with nothing changed, when somebody holds what it needs for too long.
    """
    with refused_when_busy():
        return _once(request, lambda: Answer(200, act()))


def _once(request: HttpRequest, act: Callable[[], Answer]) -> Answer:
    operation = clean(request.POST.get("operation", ""))[:200]
    if not operation:
        return again_after_ties(act)
    asked = {name: values for name, values in request.POST.lists() if name not in NOT_THE_REQUEST}
    return once(actor(request), operation, fingerprint(request.path, asked), act)


def told(request: HttpRequest, act: Callable[[], str]) -> bool:
    """Run `act` once and tell the person its sentence, or why it was refused; return whether it was done."""
    try:
        answer = done_once(request, lambda: {"message": act()})
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, answer.body["message"])
    return True


def accepted(request: HttpRequest, form: BaseForm, act: Callable[[Mapping[str, Any]], str]) -> bool:
    """Run `act` on a valid form; what is refused stands above the form, and what was typed stays."""
    if not form.is_valid():
        return False
    try:
        answer = done_once(request, lambda: {"message": act(form.cleaned_data)})
    except Refused as refusal:
        form.add_error(None, str(refusal) or _("It was refused."))
        return False
    messages.success(request, answer.body["message"])
    return True
