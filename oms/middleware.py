"""What holds for every page of the office: no unreadable address, moments in the company's time zone."""

import logging
from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader
from django.utils import timezone

from oms.company import company_of, zone_of
from oms.errors import CONTENTION, TOO_SLOW, state_of
from oms.languages import in_language_of_reader

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
OFFICE = "/admin/"
FOR_CUSTOMERS = ("/q/", "/t/")
MACHINES = "/api/"  # says no in its own form


class RefuseUnreadableAddress:
    """Answer 400 to an address with a NUL in it: no table can hold one, so nothing can be found by it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        unreadable = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if unreadable and not request.path_info.startswith(MACHINES):
            return HttpResponseBadRequest(loader.render_to_string("400.html"))
        return self.get_response(request)


class ExplainMethod:
    """Say in words what 405 means; browsers show their own page of failure where an answer is empty.

    People come there with an address that only a form may send to: by the history, or by signing in after its answer.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            response.content = loader.render_to_string("405.html")
        return response


class SayBusy:
    """Answer 503 when a lock or a statement took too long: nothing was changed, and trying again is right."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError) or state_of(error) not in {*CONTENTION, TOO_SLOW}:
            return None
        logger.warning("%s waited in vain", request.path_info, exc_info=error)
        return HttpResponse(loader.render_to_string("503.html"), status=503, headers={"Retry-After": "2"})


class UseCompanyZone:
    """In the office and for customers, moments are in the company's time zone; one statement per page.

    Customers are spoken to in a language that they may know.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith((OFFICE, *FOR_CUSTOMERS)):
            return self.get_response(request)
        with timezone.override(zone_of(company_of(request))):
            return self._spoken(request)

    def _spoken(self, request: HttpRequest) -> HttpResponse:
        """Answer a customer of whom no link tells anything as their browser asks; the office has one language."""
        if request.path_info.startswith(OFFICE):
            return self.get_response(request)
        with in_language_of_reader(request, company_of(request)):
            return self.get_response(request)
