"""Files as people send them, and a house small enough to know by heart."""

import csv
import io
import zipfile

from django.apps import apps
from django.db import connection
from openpyxl import Workbook

from oms.importing.problems import FileRefused
from oms.importing.resource import Upload, kinds
from tests.builders import (
    a_company,
    a_customer,
    a_price,
    a_product,
    a_unit,
    a_warehouse,
)
from tests.emptying import written_to

KINDS = ["agreements", "customers", "orders", "part-numbers", "price-rules", "products", "stock"]


def a_small_house():
    """BOLT in pieces and cartons of 12 at 10.00, NUT in pieces; customer ACME; warehouse MAIN with bin A-1."""
    a_company()
    warehouse = a_warehouse("MAIN")
    bolt, nut = a_product("BOLT", price=None), a_product("NUT", price=None)
    a_unit(bolt, "CT", 12, name="carton", gtin="4006381333931")
    a_price(bolt, "10")
    customer = a_customer("ACME GmbH")
    customer.code = "ACME"
    customer.save()
    return warehouse, bolt, nut, customer


def table(*rows):
    """Rows of text as a CSV file in UTF-8; each row is written as `a|b|c`."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(row.split("|") for row in rows)
    return buffer.getvalue().encode()


def workbook(*rows, formats=None):
    """Rows of values as an XLSX file."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(content, name, data, *, replace=False):
    """An archive with one more part, or with one part replaced."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            if not (replace and entry.filename == name):
                archive.writestr(entry, source.read(entry))
        archive.writestr(name, data)
    return target.getvalue()


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


def import_bytes(kind, content, folder, *, by=None, dry_run=False, **upload):
    path = folder / f"{kind}.file"
    path.write_bytes(content)
    resource = kinds()[kind](by=by)
    return (resource.preview if dry_run else resource.import_file)(Upload(path, **upload), by=by)


def problems_of(kind, content, folder, **options):
    """What is wrong with a file, and the proof that nothing of it was written."""
    before = everything()
    try:
        import_bytes(kind, content, folder, **options)
    except FileRefused as refusal:
        assert everything() == before
        return refusal
    raise AssertionError(f"{kind}: the file was taken")


def everything():
    """The number of rows of every table that has any, and a sum over all they hold."""
    names = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    quoted = [connection.ops.quote_name(name) for name in written_to(names)]
    parts = [
        f"SELECT '{name}', count(*) AS rows, sum(hashtextextended(t::text, 0)::numeric) FROM {name} t"
        for name in quoted
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS tables WHERE rows > 0")
        return sorted(cursor.fetchall())
