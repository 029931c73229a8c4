"""The work that every side is given: how large the house is and what is ordered. Without Django, for all to read."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

SIZES = (1, 10, 100, 1000)
WORKERS = (1, 2, 4)
WAREHOUSES = 3
BINS = 200  # to pick from, per warehouse, beside its staging
ON_HAND = 1_000_000  # of a product in each warehouse
HOT = 50  # products that contended orders fight for
CONTENDED_LINES = 10
BREAKS = ((1, "0.95"), (10, "0.9"), (100, "0.8"))  # from so many on, this part of the list price
QUANTITIES = (1, 5, 12, 40, 120)  # they reach every break of the price list

# Products that orders wait for: little on hand, two purchases on their way, two orders that want more than is there.
SCARCE_ON_HAND = 100
MOST_SCARCE = 5_000
PURCHASED = ((3, 200), (20, 80))  # in so many days, so much
WAITED_FOR = ((5, 200), (12, 50))


@dataclass(frozen=True)
class Scale:
    """Products are numbered from 1 on; the last of them are scarce."""

    products: int = 100_000

    @property
    def scarce(self) -> int:
        return min(MOST_SCARCE, self.products // 5)

    @property
    def plenty(self) -> int:
        return self.products - self.scarce

    @property
    def largest_order(self) -> int:
        return min(self.plenty, self.scarce)


@dataclass(frozen=True)
class Lines:
    """Different product numbers, a quantity of each, and the number of the warehouse that serves them."""

    products: list[int]
    quantities: list[int]
    warehouse: int = 1


def order_lines(size: int, scale: Scale, seed: int) -> Lines:
    """Return an order of products that every warehouse has plenty of."""
    chosen = random.Random(seed)
    products = chosen.sample(range(1, scale.plenty + 1), size)
    return Lines(products, [chosen.choice(QUANTITIES) for _ in products], 1 + seed % WAREHOUSES)


def hot_lines(scale: Scale, seed: int) -> Lines:
    """Return an order of the products that everybody wants, in no order, from the one warehouse."""
    chosen = random.Random(seed)
    products = chosen.sample(range(1, min(HOT, scale.plenty) + 1), CONTENDED_LINES)
    return Lines(products, [chosen.randint(1, 5) for _ in products])


def asked_lines(size: int, scale: Scale, seed: int) -> Lines:
    """Return a question about products with supply and demand by date."""
    chosen = random.Random(seed)
    products = chosen.sample(range(scale.plenty + 1, scale.products + 1), size)
    return Lines(products, [chosen.choice(QUANTITIES) for _ in products])


def scarce_lines(scale: Scale, quantity: int, warehouse: int) -> Lines:
    """Return the same quantity of everything scarce."""
    return Lines(list(range(scale.plenty + 1, scale.products + 1)), [quantity] * scale.scarce, warehouse)


def in_days(days: int) -> date:
    return date.today() + timedelta(days=days)  # noqa: DTZ011 - a business date, the same for both sides


def list_price(product: int) -> int:
    return 10 + product % 90


def bin_number(product: int) -> int:
    """Return which of a warehouse's bins holds the product, from 1 on."""
    return 1 + product % BINS
