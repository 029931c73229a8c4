"""`python -m oms.machine run`: what the Makefile calls."""

import sys

from oms.machine import browsers, forget, template
from oms.machine.errors import CannotRun
from oms.machine.run import run

TASKS = {"run": run, "browser": browsers.provide, "forget": forget.forget, "template": template.prepare}


def main(task: str) -> None:
    try:
        TASKS[task]()
    except CannotRun as obstacle:
        sys.exit(str(obstacle))


if __name__ == "__main__":
    main(*sys.argv[1:])
