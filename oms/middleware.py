"""What holds for every page of the office: no unreadable address, moments in the company's time zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template import loader
from django.utils import timezone

from oms.company import company_of, zone_of

GetResponse = Callable[[HttpRequest], HttpResponse]
OFFICE = "/admin/"
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


class UseCompanyZone:
    """In the office, moments are shown and read in the company's time zone; one statement per page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(OFFICE):
            return self.get_response(request)
        with timezone.override(zone_of(company_of(request))):
            return self.get_response(request)
