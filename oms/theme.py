"""How the office looks. Settings import UNFOLD; the rest is called by the theme with each page."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse


def site_name(request: HttpRequest) -> str:
    from oms.company import company_of, name_of  # settings import this module before there are models

    return name_of(company_of(request))


def site_mark(request: HttpRequest) -> str:
    """The company's logo, or our own mark while it has none."""
    from oms.company import company_of

    company = company_of(request)
    return reverse("company_logo") if company and company.logo else static("oms/mark.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "oms.theme.site_name",
    "SITE_HEADER": "oms.theme.site_name",
    "SITE_URL": None,
    "SITE_ICON": "oms.theme.site_mark",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("oms/mark.svg")}
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "STYLES": [lambda request: static("oms/office.css")],
    "SCRIPTS": [lambda request: static("oms/office.js")],
    "DASHBOARD_CALLBACK": "oms.home.dashboard",
    "SIDEBAR": {"show_search": True, "command_search": True},
    "COLORS": {
        "primary": {
            "50": "oklch(97.2% .012 236)",
            "100": "oklch(94.2% .026 236)",
            "200": "oklch(89% .048 236)",
            "300": "oklch(81.5% .083 237)",
            "400": "oklch(72.5% .112 239)",
            "500": "oklch(65% .122 241)",
            "600": "oklch(49.5% .118 244)",
            "700": "oklch(43% .104 245)",
            "800": "oklch(37% .086 246)",
            "900": "oklch(32% .07 247)",
            "950": "oklch(24.5% .055 248)",
        },
    },
}
