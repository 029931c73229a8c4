from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from oms.api.keys import LIFE_DAYS, issue_key
from oms.errors import Refused
from oms.models import User
from oms.numbers import read_whole
from oms.text import clean
from oms.users import require_is_machine

LONGEST_NAME = 80


def some_days(text: str) -> int:
    """Return how many days a key lives: 1 to 365."""
    try:
        days = read_whole(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error
    if not 1 <= days <= LIFE_DAYS:
        raise ArgumentTypeError(f"a key lives 1 to {LIFE_DAYS} days")
    return days


class Command(BaseCommand):
    help = "Make a key by which a machine acts as a user, and print it: it is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="whom the machine acts as; give that user a role")
        parser.add_argument("name", help="which machine it is for")
        parser.add_argument(
            "--days", type=some_days, default=LIFE_DAYS, help="how long it is valid (default: 365)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = clean(options["name"])
        if not 0 < len(name) <= LONGEST_NAME:
            raise CommandError(f"Name the machine in 1 to {LONGEST_NAME} characters.")
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']!r}.")
        try:
            require_is_machine(user)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(issue_key(user, name, days=options["days"]))
