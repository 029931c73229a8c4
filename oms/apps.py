from django.apps import AppConfig

from oms import lookups


class OmsConfig(AppConfig):
    name = "oms"
    verbose_name = "Office"

    def ready(self) -> None:
        lookups.register()
