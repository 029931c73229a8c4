"""The two databases of a run, filled alike in processes of their own, so that filling is not in the memory's peak."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.work import Scale

if TYPE_CHECKING:
    from benchmarks.measure import Pair


@dataclass(frozen=True)
class Houses:
    """Ours and the limit's, by address."""

    addresses: tuple[str, str]
    scale: Scale

    @classmethod
    def build(cls, server: str, scale: Scale) -> "Houses":
        """Return fresh databases of the server, filled to the same size, with statistics for the planner."""
        houses = cls((fresh_database(server, "bench_ours"), fresh_database(server, "bench_limit")), scale)
        _at_once({fill_ours: houses.addresses[0], fill_limit: houses.addresses[1]}, scale)
        return houses

    @contextmanager
    def open(self) -> Iterator["Pair"]:
        """Both sides, connected, with an order behind them that the planner has seen in every table."""
        start_django(self.addresses[0])
        from django.db import connection

        from benchmarks.company import house
        from benchmarks.limit import Limit
        from benchmarks.measure import Pair
        from benchmarks.ours import Ours

        with plain_connection(self.addresses[1]) as plain:
            pair = Pair(Ours(house()), Limit(plain), self.scale)
            pair.warm_up()
            yield pair
        connection.close()


def plain_connection(address: str) -> "psycopg.Connection[Any]":
    """Connect the limit, planning as our own sessions do (decision 32)."""
    return psycopg.connect(address, autocommit=True, options="-c random_page_cost=1.1")


def start_django(address: str) -> None:
    os.environ["DATABASE_URL"] = address
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms.settings")
    import django

    django.setup()


def as_the_web_server() -> None:
    """Load what the web server loads before its first request; its collector leaves that alone, as there."""
    import_module("oms.wsgi")


def fill_ours(address: str, scale: Scale) -> None:
    start_django(address)
    from django.core.management import call_command
    from django.db import transaction

    from benchmarks import company

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        company.fill(scale)
    company.settle()


def fill_limit(address: str, scale: Scale) -> None:
    from benchmarks.limit import Limit

    with plain_connection(address) as plain:
        limit = Limit(plain)
        limit.fill(scale)
        limit.settle()


def _at_once(fills: Mapping[Callable[[str, Scale], None], str], scale: Scale) -> None:
    """Fill all databases, each in a process of its own."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=fill, args=(address, scale)) for fill, address in fills.items()]
    for process in processes:
        process.start()
    for process, address in zip(processes, fills.values(), strict=True):
        process.join()
        if process.exitcode:
            raise SystemExit(f"Filling {urlsplit(address).path[1:]} failed; see above.")


def fresh_database(server: str, name: str) -> str:
    """Return the address of an empty database on the server."""
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
