"""A file of price rules through a job, beside COPY of the same rows into the limit's table."""

import csv
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import limit_schema as sql
from benchmarks.houses import fresh_database, plain_connection, start_django
from benchmarks.memory import peak_mb
from benchmarks.workbooks import Cells, write_xlsx

PRODUCTS = 100_000
LIST = "BENCH"
COPY = "COPY price (price_list, product_id, min_qty, unit_price) FROM STDIN (FORMAT csv)"

Row = dict[str, Any]


def import_files(server: str, names: Sequence[str], sizes: Sequence[int]) -> list[Row]:
    """Return a row per kind of file and number of rules: checked and imported as a new version of a list of as many.

    Each in a process of its own, so that its peak of memory is its own.
    """
    return [_measured(server, name, size) for name in names for size in sizes]


def _measured(server: str, name: str, size: int) -> Row:
    addresses = fresh_database(server, "bench_import"), fresh_database(server, "bench_import_limit")
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        with context.Pool(1) as process:
            process.apply(fill, (*addresses, size))
            process.apply(FORMS[name], (file := Path(folder, "prices"), header_and_rows(size)))
        with context.Pool(1) as process:
            measured: Row = process.apply(measure, (*addresses, size, file))
    return {"name": name, **measured}


def fill(ours: str, limit: str, size: int) -> None:
    """Leave a list of so many rules, of which a tenth is not in the file, and the products that it names."""
    start_django(ours)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.company import pieces, settle
    from customers.models import PriceList, PriceListAssignment, PriceRule
    from customers.models.price_lists import ALWAYS
    from customers.services.versions import begin_lists
    from oms.models import Company, Currency, User
    from oms.sets import insert_rows

    euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
    Company.objects.create(name="Bench", currency=euro)
    User.objects.create_superuser("bench", password=None)
    products, units = pieces(PRODUCTS)
    prices = PriceList.objects.create(code=LIST, name=LIST, currency=euro)
    PriceListAssignment.objects.create(price_list=prices)
    (version,) = begin_lists([prices.pk])
    for start in range(0, size * 9 // 10, 10_000):
        part = slice(start, min(start + 10_000, size * 9 // 10))
        columns: dict[str, Sequence[Any]] = {"product_id": products[part], "unit_id": units[part]}
        insert_rows(PriceRule, columns, version_id=version, min_quantity=1, price=10, valid_from=ALWAYS)
    settle()
    with plain_connection(limit) as plain:
        plain.execute(sql.SCHEMA)
        plain.execute(
            f"INSERT INTO product SELECT n, 'P' || n, 'P' || n FROM generate_series(1, {PRODUCTS}) n"
        )
        plain.execute("VACUUM ANALYZE")


def measure(ours: str, limit: str, size: int, file: Path) -> Row:
    os.environ["OMS_PROCESS"] = "worker"  # its limits hold
    start_django(ours)
    from django.test import override_settings

    with override_settings(MEDIA_ROOT=file.parent):
        check, do, statements = _ours(size, file)
    least = _limit(limit, size)
    whole = check + do
    return {
        "size": size,
        "workers": 1,
        "ms": round(whole, 2),
        "ms_min": round(whole, 2),
        "ms_max": round(whole, 2),
        "statements": statements,
        "limit_ms": round(least, 2),
        "ratio": round(whole / least, 2),
        "failed": 0,
        "peak_mb": round(peak_mb(), 1),
        "check_ms": round(check, 2),
    }


def _ours(size: int, file: Path) -> tuple[float, float, int]:
    """Return the milliseconds of the check and of the import, and the statements of both."""
    from django.core.files import File

    from benchmarks.measure import counted
    from customers.models import PriceRule
    from oms.importing.jobs import begin_import, confirm_import
    from oms.importing.working import work_on_one
    from oms.models import User

    user = User.objects.get()
    with file.open("rb") as opened:
        job = begin_import("price-rules", File(opened, file.name), "", by=user)
    with counted() as count:
        check = _timed(work_on_one)
        job.refresh_from_db()
        confirm_import(job.pk)
        do = _timed(work_on_one)
    job.refresh_from_db()
    held = PriceRule.objects.filter(version__status="in_force", version__in_force_to=None).count()
    if job.status != "imported" or held != size:
        raise SystemExit(
            f"The import of {size} rules is {job.status}, {held} rules hold: {job.said} {job.found}"
        )
    return check, do, count[0]


def _timed(step: Any) -> float:
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def header_and_rows(size: int) -> list[Cells]:
    """Return a file's cells: of ten rows eight are changed, one is the same and one is new."""
    rows = [(LIST, f"P{n}", "C62", 1, 10 if n % 9 == 0 else 10 + n % 7 + 1) for n in range(1, size + 1)]
    return [("price_list", "sku", "unit", "min_quantity", "price"), *rows]


def write_csv(path: Path, rows: Sequence[Cells]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def _limit(address: str, size: int) -> float:
    rows = "".join(f"1,{n},1,{10 + n % 7 + 1}\n" for n in range(1, size + 1))
    with plain_connection(address) as plain:
        start = time.perf_counter()
        with plain.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(rows)
        return (time.perf_counter() - start) * 1000


FORMS: dict[str, Callable[[Path, Sequence[Cells]], None]] = {
    "import_price_rules": write_csv,
    "import_price_rules_xlsx": write_xlsx,
}
