"""`manage.py import_data KIND FILE`: files about products, customers, prices, agreements, stock and orders."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from oms.errors import Refused
from oms.importing.csv_sheets import DECLARABLE
from oms.importing.problems import FileRefused
from oms.importing.resource import Outcome, SheetResource, Upload, kinds
from oms.importing.writing import csv_header
from oms.models import User


class Command(BaseCommand):
    help = "Import a CSV or XLSX file: all of it, or nothing and a list of what is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(kinds()), metavar="KIND", help=", ".join(kinds()))
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a CSV or XLSX file")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what the file would do and write nothing"
        )
        parser.add_argument("--template", action="store_true", help="print the header row and stop")
        parser.add_argument(
            "--encoding", choices=[c for c in DECLARABLE if c], default="", help="of a CSV file"
        )
        parser.add_argument("--again", action="store_true", help="apply a stock file that was applied before")
        parser.add_argument(
            "--as", dest="username", default="", metavar="USER", help="who the documents name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind = kinds()[options["kind"]]
        if options["template"]:
            self.stdout.write(csv_header(kind.header()))
            return
        path = options["file"]
        if path is None:
            raise CommandError(_("Name a file to import, or ask for the --template."))
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        upload = Upload(path, encoding=options["encoding"], again=options["again"])
        self._import(kind(by=_user(options["username"])), upload, dry_run=options["dry_run"])

    def _import(self, resource: SheetResource, upload: Upload, *, dry_run: bool) -> None:
        work = resource.preview if dry_run else resource.import_file
        try:
            outcome = work(upload, by=resource.by)
        except FileRefused as refusal:
            self._list(refusal)
            sys.exit(1)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._tell(outcome, dry_run=dry_run)

    def _tell(self, outcome: Outcome, *, dry_run: bool) -> None:
        for note in outcome.notes:
            self.stdout.write(note)
        counts = {"new": outcome.new, "changed": outcome.changed, "same": outcome.same, "kind": outcome.kind}
        self.stdout.write(_("%(kind)s: %(new)s new, %(changed)s changed, %(same)s same.") % counts)
        if dry_run:
            self.stdout.write(_("Nothing was written."))

    def _list(self, refusal: FileRefused) -> None:
        for problem in refusal.problems:
            self.stderr.write(str(problem))
        self.stderr.write(refusal.summary())


def _user(username: str) -> User | None:
    """Return who acts; without a name it is the operator, who may do everything."""
    if not username:
        return None
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no user %(name)s.") % {"name": username})
    return user
