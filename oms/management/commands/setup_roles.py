from typing import Any

from django.core.management.base import BaseCommand

from oms.access import setup_roles


class Command(BaseCommand):
    help = "Make the roles of access.yml groups with their permissions. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        for role in setup_roles():
            self.stdout.write(role)
