"""The office as Django's admin knows it: the theme's site, without what our pages do not show."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from oms.navigation import sidebar


class Office(UnfoldAdminSite):  # type: ignore[misc]
    """The site behind every page of the office."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Return all models by app, found out when somebody reads them: few of the pages that get them do."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        return sidebar(request)
