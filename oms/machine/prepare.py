"""What `make run` does to the database before anyone is let in; prints one login per role."""

import io
import os
import sys

SAID_WHY = 3  # the exit code when the reason has been said in one sentence


def main() -> None:
    import django
    from django.db import DatabaseError

    django.setup()
    try:
        prepare()
    except DatabaseError as error:
        if "No space left on device" not in str(error):
            raise
        print(
            "The disk that holds the database is full: free some space there and run this again.",
            file=sys.stderr,
        )
        sys.exit(SAID_WHY)


def prepare() -> None:
    """Leave the tables and roles up to date, and the demo company in a house that nobody has lived in.

    Roles stay when the demo moves out, so it does not come back by itself.
    """
    call("migrate", interactive=False, verbosity=0)
    if os.environ.get("OMS_DEMO") != "0" and nobody_has_been_here():
        call("demo")
    call("setup_roles", stdout=io.StringIO())
    call("demo", "--logins", stdout=sys.stdout)


def nobody_has_been_here() -> bool:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    return not get_user_model().objects.exists() and not Group.objects.exists()


def call(command: str, *arguments: str, **options: object) -> None:
    from django.core.management import call_command, get_commands

    if command in get_commands():
        call_command(command, *arguments, **{"stdout": sys.stderr, **options})


if __name__ == "__main__":
    main()
