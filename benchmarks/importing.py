"""A file of price rules through a job, beside COPY of the same rows into the limit's table."""

import csv
import io
import multiprocessing
import os
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from benchmarks import limit_schema as sql
from benchmarks.houses import fresh_database, plain_connection, start_django
from benchmarks.memory import peak_mb

PRODUCTS = 100_000
LIST = "BENCH"
COPY = "COPY price (price_list, product_id, min_qty, unit_price) FROM STDIN (FORMAT csv)"

Row = dict[str, Any]


def import_price_rules(server: str, sizes: Sequence[int]) -> list[Row]:
    """Return a row per number of rules: the file checked and imported as a new version of a list of as many.

    Each in a process of its own, so that its peak of memory is its own.
    """
    rows = []
    for size in sizes:
        addresses = fresh_database(server, "bench_import"), fresh_database(server, "bench_import_limit")
        context = multiprocessing.get_context("spawn")
        with context.Pool(1) as process:
            process.apply(fill, (*addresses, size))
        with context.Pool(1) as process:
            rows.append(process.apply(measure, (*addresses, size)))
    return rows


def fill(ours: str, limit: str, size: int) -> None:
    """Leave a list of so many rules, of which a tenth is not in the file, and the products that it names."""
    start_django(ours)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.company import settle
    from customers.models import PriceList, PriceListAssignment, PriceRule
    from customers.models.price_lists import ALWAYS
    from customers.services.versions import begin_lists
    from inventory.models import Product, ProductUnit
    from oms.models import Company, Currency, User
    from oms.sets import insert_rows

    euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
    Company.objects.create(name="Bench", currency=euro)
    User.objects.create_superuser("bench", password=None)
    skus = [f"P{n}" for n in range(1, PRODUCTS + 1)]
    common = {"status": "active", "cost": 1, "weight_grams": 0, "backorder_allowed": True}
    products = insert_rows(Product, {"sku": skus, "name": skus}, **common)
    piece = {
        "code": "C62",
        "name": "piece",
        "numerator": 1,
        "denominator": 1,
        "multiple": 1,
        "is_default": True,
    }
    units = insert_rows(ProductUnit, {"product_id": products}, **piece)
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


def measure(ours: str, limit: str, size: int) -> Row:
    os.environ["OMS_PROCESS"] = "worker"  # its limits hold
    start_django(ours)
    with tempfile.TemporaryDirectory() as folder:
        from django.test import override_settings

        with override_settings(MEDIA_ROOT=folder):
            check, do, statements = _ours(size)
    least = _limit(limit, size)
    whole = check + do
    return {
        "name": "import_price_rules",
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


def _ours(size: int) -> tuple[float, float, int]:
    """Return the milliseconds of the check and of the import, and the statements of both."""
    from django.core.files.base import ContentFile

    from benchmarks.measure import counted
    from customers.models import PriceRule
    from oms.importing.jobs import begin_import, confirm_import
    from oms.importing.working import work_on_one
    from oms.models import User

    user = User.objects.get()
    job = begin_import("price-rules", ContentFile(_file(size), "prices.csv"), "", by=user)
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


def _file(size: int) -> bytes:
    """Of ten rows eight are changed, one is the same and one is new."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["price_list", "sku", "unit", "min_quantity", "price"])
    writer.writerows(
        [LIST, f"P{n}", "C62", 1, 10 if n % 9 == 0 else 10 + n % 7 + 1] for n in range(1, size + 1)
    )
    return text.getvalue().encode()


def _limit(address: str, size: int) -> float:
    rows = "".join(f"1,{n},1,{10 + n % 7 + 1}\n" for n in range(1, size + 1))
    with plain_connection(address) as plain:
        start = time.perf_counter()
        with plain.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(rows)
        return (time.perf_counter() - start) * 1000
