"""No way of the search, and no page of the orders, looks through a big table or a big index from end to end."""

import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from oms import search
from oms.admin.paging import CountsUpTo
from oms.search import answers, questions
from oms.typed import Typed
from orders.admin.paging import PagesByCustomer
from orders.models import Order, OrderLine
from orders.models.listed import SORTED_BY
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_user,
    a_warehouse,
)
from tests.shared import anew, shared_by_the_module

pytestmark = pytest.mark.django_db

MANY = 10_000
BIG = ["orders_order", "customers_customer", "customers_contact", "inventory_product"]
FILL = """
INSERT INTO inventory_product (sku, name, status, cost, weight_grams, backorder_allowed)
SELECT 'B-' || n, 'Bolt ' || md5(n::text) || ' zinc', 'active', 1, 0, true FROM generate_series(1, {many}) n;
INSERT INTO customers_customer (code, name, status, currency_id, payment_terms_id, vat_number, email, phone,
  po_required, note, rep_id)
SELECT 'C-' || n, 'Firma ' || md5(n::text), 'active', 'EUR', (SELECT min(id) FROM customers_paymentterms), '', '', '',
  false, '', CASE WHEN n % 200 = 0 THEN {rep} END FROM generate_series(1, {many}) n;
INSERT INTO customers_contact (customer_id, name, role, email, phone)
SELECT id, 'Person ' || md5(id::text), 'buyer', 'p' || id || '@example.com', '' FROM customers_customer;
"""


def a_large_house():
    """Return a sales rep of a house with so much of everything, which takes some seconds to fill."""
    a_company()
    a_warehouse()
    a_customer()
    rep = a_user(groups=[Group.objects.get(name="Sales rep")], is_staff=True)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(many=MANY, rep=rep.pk))
        cursor.execute(orders_sql())
    return rep


filled = shared_by_the_module(a_large_house)


@pytest.fixture
def rep(filled, monkeypatch):
    monkeypatch.setattr(search, "MOST_NEAR", 1000 * MANY // 1_000_000)  # the same share as of a million rows
    with connection.cursor() as cursor:
        # What the planner knows of an earlier test is not rolled back
        for table in [*BIG, "orders_orderline"]:
            cursor.execute(f"ANALYZE {table}")
    return anew(filled)


def orders_sql() -> str:
    """Return the statement that makes as many orders as customers, each with a PO number like any other."""
    return """
        INSERT INTO orders_order (number, status, status_since, version, created_at, customer_id, customer_po,
          ship_to_id, bill_to_id, warehouse_id, ordered_on, requested_on, currency_id, payment_terms_id, total, note,
          revision)
        SELECT 'SO-' || 5000 + row_number() OVER (), 'draft', now(), 0, now(), c.id, 'PO-2026-' || c.id,
          a.id, a.id, w.id, current_date, current_date, 'EUR', c.payment_terms_id, 0, '', 0
        FROM customers_customer c, (SELECT min(id) AS id FROM customers_address) a,
          (SELECT min(id) AS id FROM inventory_warehouse) w
    """


def plan(user, text: str) -> str:
    return str(answers(questions(user, Typed.read(text))).explain())


TEXTS = [
    "SO-12345", "SO-12", "123", "PO-2026-", "po-2026-77", "b-1234", "b-", "bolt ab", "firma ab", "C-777",
    "p7@example.com", "99",
]  # fmt: skip


def test_no_way_reads_a_big_table_from_end_to_end(rep):
    boss = a_boss()
    read = {(text, user.pk): whole(plan(user, text)) for text in TEXTS for user in (boss, rep)}

    assert not {asked: tables for asked, tables in read.items() if tables}


def whole(told: str) -> set[str]:
    """The big tables that a plan reads from end to end."""
    return {table for table in BIG if f"Seq Scan on {table}" in told}


def test_without_its_index_the_search_is_noticed(rep):
    """The control: the same question without the index reads the table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX order_po_any_case")

    assert whole(plan(a_boss(), "PO-2026-77")) == {"orders_order"}


@pytest.fixture
def all_wait(rep):
    """Every order has a line that waits for stock."""
    a_confirmed_order({a_product(): 5})
    columns = [
        field.column
        for field in OrderLine._meta.concrete_fields
        if not field.primary_key and not field.generated and field.column != "order_id"
    ]
    copied, theirs = ", ".join(columns), ", ".join(f"l.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"INSERT INTO orders_orderline (order_id, {copied}) SELECT o.id, {theirs} "
            "FROM orders_orderline l, orders_order o WHERE o.id <> l.order_id"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE orders_orderline")
        cursor.execute("ANALYZE orders_order")


def read_beforehand(sql: str) -> int:
    """Return how many of its questions the planner means to answer for all orders before it looks at one."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (VERBOSE) {sql}")
        return len(set(re.findall(r"hashed SubPlan \d+", str(cursor.fetchall()))))


def test_a_page_of_orders_asks_what_its_own_orders_wait_for_not_what_all_do(all_wait):
    page = str(Order.objects.with_what_they_wait_for().order_by("-pk")[:50].query)

    assert OrderLine.objects.filter(waits=True).count() > MANY
    assert read_beforehand(page) <= 1, "open holds, of which there are few"
    assert read_beforehand(page.replace("OFFSET 0", "")) >= 2, "the control"


@pytest.mark.parametrize("most_sorted", [MANY, 0], ids=["a short list", "a long one"])
def test_the_list_of_a_rep_walks_no_index_over_the_orders_of_others(rep, monkeypatch, most_sorted):
    monkeypatch.setattr(CountsUpTo, "most_sorted", most_sorted)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET rep_id = %s WHERE id %% 10 = 0", [rep.pk])
        cursor.execute("ANALYZE customers_customer")
    customers = Order.objects.customers_behind(rep)

    for order, index in (
        (f"{way}{name}", f"orders_by_{SORTED_BY[name]}") for name in SORTED_BY for way in ("", "-")
    ):
        rows = Order.objects.visible_to(rep).order_by(order, "pk" if order == order.strip("-") else "-pk")
        page = PagesByCustomer(rows, 5, customers=customers).page(1).object_list
        assert not walks(page.explain(), index)
        assert walks(rows[:5].explain(), index), "the control"


def walks(told: str, index: str) -> bool:
    """Whether a plan goes through an index in its order, rather than look keys up in it."""
    return bool(re.search(rf"using {index} on [^\n]*\n(?!\s*Index Cond)", f"{told}\n"))


def test_that_an_order_waits_is_found_in_a_small_index(all_wait):
    def read() -> str:
        return Order.objects.backordered().order_by().values("pk")[:100].explain()

    assert "orders_with_lines_that_wait" in read()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX orders_with_lines_that_wait")
    assert "orders_with_lines_that_wait" not in read(), "the control"
