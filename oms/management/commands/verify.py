import json
from dataclasses import asdict
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from oms.verify import Breach, invariants, verify


class Command(BaseCommand):
    help = "Prove that everything holds together. One line per breach; the exit code is 1 when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        breaches = verify()
        self._print(breaches, monotonic() - started, as_json=options["json"])
        if breaches:
            raise SystemExit(1)

    def _print(self, breaches: list[Breach], seconds: float, *, as_json: bool) -> None:
        proved = len(invariants())
        if as_json:
            told = {
                "invariants": proved,
                "seconds": round(seconds, 3),
                "breaches": list(map(asdict, breaches)),
            }
            self.stdout.write(json.dumps(told, indent=2))
            return
        for breach in breaches:
            self.stdout.write(str(breach))
        self.stdout.write(f"{proved} invariants, {len(breaches)} breaches, {seconds:.1f} s")
