"""Years of orders are written as the house would hold them, and the search finds them in as many statements."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from benchmarks import finding
from benchmarks.archive import Archive, extend, found, texts
from oms.search import kinds, search_for
from oms.typed import Typed
from orders.models import Order, OrderLine

pytestmark = pytest.mark.django_db(transaction=True)
SMALL = Archive(products=50, customers=20, reps=4)


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(finding, "RUNS", 1)
    monkeypatch.setattr(finding, "SORTED_BY", ["o=5"])
    Group.objects.all().delete()
    return found(SMALL)


def test_the_archive_holds_what_it_says_and_its_indexes_are_back(people):
    before = indexes()
    extend(SMALL, 1, 60)
    extend(SMALL, 61, 100)

    assert indexes() == before
    assert Order.objects.count() * 10 == OrderLine.objects.count() == 1000
    assert Order.objects.visible_to(people[1]).count() == 25
    assert not OrderLine.objects.filter(open__gt=0).exclude(order__status="confirmed", waits=True).exists()


def test_everything_that_is_typed_finds_something_but_nothing(people):
    extend(SMALL, 1, 100)

    lost = [kind for kind, ask in texts(SMALL).items() if not search_for(people[0], Typed.read(ask(55)))]

    assert lost == ["nothing"]


def test_pages_are_measured_beside_their_statements_and_cost_the_same_number(people, database_url):
    rows = []
    for before, size in ((0, 60), (60, 120)):
        extend(SMALL, before + 1, size)
        rows += finding.measure(database_url, SMALL, people, size, ["search", "order_list"])

    names = ["search", "search_rep", "order_list", "order_list_rep"]
    assert [(row["name"], row["size"]) for row in rows] == [
        (name, size) for size in (60, 120) for name in names
    ]
    small, large = (
        {row["name"]: row["statements"] for row in rows if row["size"] == size} for size in (60, 120)
    )
    for name in names[2:]:
        assert small[name] == large[name]
    for name in names[:2]:  # the person and their rights, all ways at once, and each kind that has something
        assert max(small[name], large[name]) <= 4 + 1 + len(kinds())


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}
