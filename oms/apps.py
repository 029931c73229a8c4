from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from oms import lookups


class OfficeConfig(AdminConfig):
    """Django's admin, with our site in the place of its own."""

    default_site = "oms.site.Office"


class OmsConfig(AppConfig):
    name = "oms"
    verbose_name = "Office"

    def ready(self) -> None:
        lookups.register()
