"""Two people import at once: they take turns, and what they write is written once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction

from inventory.models import Product
from inventory.resources import ProductResource
from oms.importing import resource
from oms.importing.problems import FileRefused
from oms.importing.resource import take_turns
from tests.data_in_out.files import import_bytes, table

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

FILE = table("sku|name", *[f"P{n}|Product {n}" for n in range(200)])


def at_once(folders):
    """Import the same products from several threads; return counts or refusals."""
    start = Barrier(len(folders))

    def one(folder):
        start.wait()
        try:
            return import_bytes("products", FILE, folder).counts
        except FileRefused as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(folders)) as pool:
        return list(pool.map(one, folders))


def folders(tmp_path, n):
    for number in range(n):
        (tmp_path / str(number)).mkdir()
    return [tmp_path / str(number) for number in range(n)]


def test_the_first_makes_the_rows_and_the_others_find_them(tmp_path):
    results = at_once(folders(tmp_path, 4))

    assert sorted(results) == [(0, 0, 200)] * 3 + [(200, 0, 0)]
    assert Product.objects.count() == 200


def test_without_turns_the_second_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    """The control: the constraints still hold, but people would be told to try again."""
    planned = Barrier(2)
    save = ProductResource.save

    def save_together(self, plan, source):
        planned.wait()
        save(self, plan, source)

    monkeypatch.setattr(resource, "take_turns", lambda _kind: None)
    monkeypatch.setattr(ProductResource, "save", save_together)

    results = at_once(folders(tmp_path, 2))

    assert (200, 0, 0) in results
    assert any("Somebody changed the same data" in str(result) for result in results)
    assert Product.objects.count() == 200


def test_who_waits_too_long_is_told_to_try_again(tmp_path):
    with transaction.atomic():
        take_turns("products")

        def late():
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            try:
                import_bytes("products", FILE, tmp_path)
            except FileRefused as refusal:
                return str(refusal)
            finally:
                connections.close_all()
            return "not refused"

        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(late).result()

    assert "Try again in a moment" in answer
    assert not Product.objects.exists()
