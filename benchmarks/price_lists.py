"""A company of a great many price lists, and what a customer pays: 1,000 lists, six of them theirs, 1,000,000 rules.

Both sides fetch the same candidates. Ours ranks them and tells in a trace why each won or lost; the limit only reckons.
"""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from benchmarks.houses import fresh_database, plain_connection, start_django

PRODUCTS = 10_000
LISTS = 1_000
OF_A_LIST = 1_000  # products that a list has a price for; the one for everyone has all, in three breaks
BREAKS = ((1, Decimal("1")), (10, Decimal("0.95")), (100, Decimal("0.9")))
QUANTITIES = (1, 5, 12, 40, 120)
THEIRS = range(2, 7)  # with the first, which is for everyone, six; the first of these is nearest
CENT = Decimal("0.01")

Row = dict[str, Any]
Cells = tuple[Any, ...]
Prices = dict[tuple[int, str], Decimal]

SCHEMA = """
CREATE TABLE product (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE unit (id int PRIMARY KEY, product_id int NOT NULL REFERENCES product, code text NOT NULL,
    numerator int NOT NULL, denominator int NOT NULL);
CREATE TABLE list (id int PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE assignment (list_id int NOT NULL REFERENCES list, customer_id int NOT NULL, tier int NOT NULL);
CREATE TABLE price (
    id int PRIMARY KEY, list_id int NOT NULL REFERENCES list, product_id int NOT NULL REFERENCES product,
    unit_id int NOT NULL REFERENCES unit, min_qty bigint NOT NULL, unit_price numeric(18,6) NOT NULL,
    valid_from date NOT NULL, valid_to date, UNIQUE (list_id, product_id, min_qty, valid_from));
CREATE INDEX ON price (product_id);
"""
CANDIDATES = """
SELECT p.id, l.code, a.tier, p.product_id, u.id, u.code, u.numerator, u.denominator, p.min_qty, p.unit_price,
       p.valid_from
FROM assignment a JOIN list l ON l.id = a.list_id
JOIN price p ON p.list_id = l.id AND p.product_id = ANY(%(products)s)
     AND p.valid_from <= %(on)s AND (p.valid_to IS NULL OR p.valid_to > %(on)s)
JOIN unit u ON u.id = p.unit_id
WHERE a.customer_id = 1
"""


@dataclass(frozen=True)
class Scale:
    """How many products and lists there are; each list prices so many products."""

    products: int = PRODUCTS
    lists: int = LISTS
    of_a_list: int = OF_A_LIST

    def rules(self) -> Iterator[tuple[int, int, int, Decimal]]:
        """Yield list, product, break and price of every rule; all are numbered from 1 on."""
        for product in range(1, self.products + 1):
            for since, part in BREAKS:
                yield 1, product, since, (10 + product % 90) * part
        for number in range(2, self.lists + 1):
            chosen = random.Random(number)
            for product in chosen.sample(range(1, self.products + 1), self.of_a_list):
                yield number, product, 1, Decimal(9 + product % 90) - Decimal(number % 7) / 10


def price_lines(server: str, sizes: Sequence[int], scale: Scale = Scale()) -> list[Row]:
    """Return a row per number of lines: priced by ours and by the limit. Raise SidesDiffer on another price."""
    addresses = fresh_database(server, "bench_prices"), fresh_database(server, "bench_prices_limit")
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as process:
        process.apply(fill, (*addresses, scale))
    with context.Pool(1) as process:
        rows: list[Row] = process.apply(measure, (*addresses, sizes, scale))
    return rows


def fill(ours: str, limit: str, scale: Scale) -> None:
    start_django(ours)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from benchmarks.company import settle

    fill_ours(scale)
    settle()
    with plain_connection(limit) as plain:
        fill_limit(plain, scale)


def fill_ours(scale: Scale) -> None:
    """Write lists and rules with COPY; that no two prices overlap is checked once, behind all of them."""
    from benchmarks.archive import copy, loading
    from benchmarks.company import pieces, unchecked_overlaps
    from customers.models import PriceList, PriceListAssignment, PriceRule
    from customers.models.price_lists import ALWAYS
    from customers.services.versions import begin_lists
    from oms.models import Company, Currency
    from oms.sets import insert_rows

    euro = Currency.objects.create(code="EUR", name="Euro", exponent=2)
    Company.objects.create(name="Bench", currency=euro)
    products, units = pieces(scale.products)
    codes = [f"L{number}" for number in range(1, scale.lists + 1)]
    versions = begin_lists(insert_rows(PriceList, {"code": codes, "name": codes}, currency=euro))
    with unchecked_overlaps(), loading(PriceRule):
        copy(
            PriceRule,
            "version_id product_id unit_id min_quantity price valid_from",
            (
                (versions[number - 1], products[product - 1], units[product - 1], since, price, ALWAYS)
                for number, product, since, price in scale.rules()
            ),
        )
    lists = list(PriceList.objects.order_by("pk").values_list("pk", flat=True))
    PriceListAssignment.objects.create(price_list_id=lists[0])
    _customer(euro, lists)


def _customer(euro: Any, lists: Sequence[int]) -> None:
    """A customer whose own list, parent, groups and channel each have one; all others' lists are somebody else's."""
    from customers.models import Customer, CustomerGroup, PaymentTerms, PriceListAssignment, SalesChannel
    from oms.sets import insert_rows

    terms = PaymentTerms.objects.create(code="30", name="30 days", days=30)
    parent = Customer.objects.create(code="P", name="Parent", currency=euro, payment_terms=terms)
    buying, group = (CustomerGroup.objects.create(code=code, name=code) for code in ("BUY", "GROUP"))
    channel = SalesChannel.objects.create(code="WEB", name="Web")
    customer = Customer.objects.create(
        code="C", name="Customer", currency=euro, payment_terms=terms, parent=parent, buying_group=buying,
        group=group, channel=channel,
    )  # fmt: skip
    other = Customer.objects.create(code="O", name="Other", currency=euro, payment_terms=terms)
    parties: list[Row] = [
        {"customer": customer}, {"customer": parent}, {"group": buying}, {"group": group}, {"channel": channel},
    ]  # fmt: skip
    for number, party in zip(THEIRS, parties, strict=True):
        PriceListAssignment.objects.create(price_list_id=lists[number - 1], **party)
    insert_rows(PriceListAssignment, {"price_list_id": lists[THEIRS.stop - 1 :]}, customer=other)


def fill_limit(plain: Any, scale: Scale) -> None:
    plain.execute(SCHEMA)
    numbers = f"generate_series(1, {scale.products}) n"
    plain.execute(f"INSERT INTO product SELECT n, 'P' || n FROM {numbers}")
    plain.execute(f"INSERT INTO unit SELECT n, n, 'C62', 1, 1 FROM {numbers}")
    plain.execute(f"INSERT INTO list SELECT n, 'L' || n FROM generate_series(1, {scale.lists}) n")
    plain.execute("INSERT INTO assignment SELECT n, CASE WHEN n < 7 THEN 1 ELSE 2 END, "
                  "CASE WHEN n = 1 THEN 9 ELSE n END FROM list l(n, c)")  # fmt: skip
    with plain.cursor() as cursor, cursor.copy("COPY price FROM STDIN") as to:
        for pk, (number, product, since, price) in enumerate(scale.rules(), start=1):
            to.write_row((pk, number, product, product, since, price, "2000-01-01", None))
    plain.execute("VACUUM ANALYZE")


def measure(ours: str, limit: str, sizes: Sequence[int], scale: Scale) -> list[Row]:
    start_django(ours)
    with plain_connection(limit) as plain:
        return [measured(Shop.open(), plain, size, scale) for size in sizes]


@dataclass(frozen=True)
class Shop:
    """Our side as a doorway has it before it asks: the customer, and the id of the first product's unit."""

    customer: Any
    first: int

    @classmethod
    def open(cls) -> "Shop":
        from customers.models import Customer
        from inventory.models import ProductUnit

        first = ProductUnit.objects.order_by("pk").values_list("pk", flat=True)[0]
        return cls(Customer.objects.select_related("currency").get(code="C"), first)

    def price(self, lines: Sequence[tuple[int, int]]) -> Prices:
        """Return each line's unit price and amount, found with its trace as if the lines were entered."""
        from benchmarks.work import in_days
        from orders.services.pricing import Buyer, LineInput
        from orders.services.pricing import price_lines as priced_lines

        wanted = [LineInput(self.first + number - 1, quantity) for number, quantity in lines]
        priced = priced_lines(Buyer(self.customer, self.customer.currency, in_days(0)), wanted)
        found: Prices = {}
        for (number, _quantity), line in zip(lines, priced, strict=True):
            found[number, "price"], found[number, "amount"] = line.unit_price or Decimal(0), line.amount
        return found


def measured(shop: Shop, plain: Any, size: int, scale: Scale) -> Row:
    """Price drawn lines in turn by both sides. Raise SidesDiffer on another price or amount."""
    from benchmarks import measure as measuring

    mine: list[Any] = []
    least: list[Any] = []
    for run in range(measuring.runs_of(size) + 1):
        lines = drawn(size, scale, seed=size * 100 + run)
        with measuring.counted() as count:
            ms, answer = measuring.timed(partial(shop.price, lines))
        limit_ms, other = measuring.timed(partial(by_limit, plain, lines))
        measuring.require_same(answer, other)
        if run:  # the first run warms up
            mine.append(measuring.Sample(ms, count[0]))
            least.append(measuring.Sample(limit_ms, 1))
    return measuring.row("price_lines", size, mine, least)


def drawn(size: int, scale: Scale, seed: int) -> list[tuple[int, int]]:
    """Return product numbers with a quantity of each."""
    chosen = random.Random(seed)
    return [(n, chosen.choice(QUANTITIES)) for n in chosen.sample(range(1, scale.products + 1), size)]


def by_limit(plain: Any, lines: Sequence[tuple[int, int]]) -> Prices:
    """Return the same from one statement and a loop: the nearest list with a price, the greatest break reached."""
    from benchmarks.work import in_days

    asked = {"products": [number for number, _quantity in lines], "on": in_days(0)}
    rules: dict[int, list[Cells]] = {}
    for row in plain.execute(CANDIDATES, asked).fetchall():
        rules.setdefault(row[3], []).append(row)
    found: Prices = {}
    for number, quantity in lines:
        best = min((row for row in rules[number] if row[8] <= quantity), key=lambda row: (row[2], -row[8]))
        found[number, "price"] = best[9]
        found[number, "amount"] = (best[9] * quantity).quantize(CENT, ROUND_HALF_UP)
    return found
