import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from oms.demo.loading import is_there, load, summary
from oms.demo.people import logins
from oms.demo.removing import remove
from oms.demo.words import MACHINE_ROLES, PASSWORD
from oms.errors import Refused


class Command(BaseCommand):
    help = "Load the demo company, a wholesaler with a year of business behind it. Loads it once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--reset", action="store_true", help="remove it and load it again, as of today")
        what.add_argument(
            "--remove", action="store_true", help="empty all business tables, if only the demo is in them"
        )
        what.add_argument("--logins", action="store_true", help="print one login per role")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["logins"]:
            self.print_logins()
            return
        try:
            self.change(reset=options["reset"], remove_=options["remove"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal

    @transaction.atomic
    def change(self, *, reset: bool, remove_: bool) -> None:
        """Bring the house to where the options want it, in one transaction."""
        if (reset or remove_) and is_there():
            remove()
            self.stdout.write("The demo company has moved out.")
        elif remove_:
            self.stdout.write("The demo company is not here.")
        if remove_:
            return
        if is_there():
            self.stdout.write("The demo company is here already; --reset loads it again.")
            return
        self.load()

    def load(self) -> None:
        if settings.PRODUCTION and os.environ.get("OMS_DEMO") != "1":
            raise CommandError(
                "The demo's password is known to everybody, so it is not loaded in production unless OMS_DEMO=1."
            )
        load()
        counts = ", ".join(f"{n} {name}" for name, n in summary().items())
        self.stdout.write(f"The demo company has moved in: {counts}.")

    def print_logins(self) -> None:
        """Print a table of one login per role; nothing where the demo is not."""
        if not is_there():
            return
        self.stdout.write(f"{'Role':<22}{'User':<18}Password")
        for person in logins():
            password = (
                f"none; manage.py make_api_key {person.username} NAME makes a key"
                if person.role in MACHINE_ROLES
                else PASSWORD
            )
            self.stdout.write(f"{person.role:<22}{person.username:<18}{password}")
