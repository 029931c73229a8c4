#!/usr/bin/env python
"""Django's commands, with the database they work on held running meanwhile."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed for this Python: run `make setup`, then .venv/bin/python manage.py."
        )
    from oms.machine.commands import make_ready, missing_tables_in_words

    make_ready(sys.argv[1:])
    with missing_tables_in_words():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
