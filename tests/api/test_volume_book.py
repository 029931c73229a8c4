"""A book of volume tiers with dated promotions, priced through the interface and by a plain computation beside it."""

import os
import random
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from customers.models import PriceRule
from inventory.models import ProductUnit
from tests.builders import a_customer, a_version, in_days, many_products

pytestmark = pytest.mark.django_db
TIERS = (1, 11, 15, 25, 41, 61)
SHARE = {1: 100, 11: 97, 15: 94, 25: 90, 41: 83, 61: 75}  # percent of the first price
PROMOTED = {1: 95, 25: 80}  # while a promotion runs, its tiers take precedence
CALL = 1000


def price_at(first: Decimal, share: int) -> Decimal:
    return (first * share / 100).quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def the_book(products, rng):
    """Write the rules; return the first price of each SKU and the days of its promotion, for the computation."""
    starts = {product.sku: in_days(rng.randint(0, 20)) for product in products}
    firsts = {product.sku: Decimal(rng.randint(1, 99999)) / 1000 for product in products}
    promotions = {sku: (day, day + timedelta(days=rng.randint(1, 10))) for sku, day in starts.items()}
    units = dict(ProductUnit.objects.values_list("product__sku", "pk"))
    PriceRule.objects.all().delete()
    version, rules = a_version(), []
    for product in products:
        same = {"version": version, "product": product, "unit_id": units[product.sku]}
        first, (since, until) = firsts[product.sku], promotions[product.sku]
        rules += [PriceRule(**same, min_quantity=tier, price=price_at(first, SHARE[tier])) for tier in TIERS]
        rules += [
            PriceRule(
                **same, min_quantity=tier, price=price_at(first, share), priority=1, valid_from=since, valid_to=until
            )
            for tier, share in PROMOTED.items()
        ]  # fmt: skip
    PriceRule.objects.bulk_create(rules)
    return firsts, promotions


def plainly(first, promotion, quantity, day):
    """The price as the book says it, without the program: a promotion first, then the greatest tier reached."""
    book = PROMOTED if promotion[0] <= day < promotion[1] else SHARE
    return price_at(first, book[max(tier for tier in book if tier <= quantity)])


def disagreements(machine, lines):
    rng = random.Random(int(os.environ.get("OMS_SEED", 7)))
    products = many_products(400)
    firsts, promotions = the_book(products, rng)
    customer, wrong = a_customer(), []
    for _call in range(lines // CALL):
        day = in_days(rng.randint(0, 31))
        asked = [
            (rng.choice(products).sku, rng.choice([*TIERS, 10, 14, 24, 40, 60, 61, 999])) for _ in range(CALL)
        ]
        rows = [{"sku": sku, "quantity": str(quantity)} for sku, quantity in asked]
        body = {"customer": customer.code, "date": day.isoformat(), "lines": rows}
        told = machine.post("v1/price-quotes/", body).json()["lines"]
        for (sku, quantity), line in zip(asked, told, strict=True):
            price = plainly(firsts[sku], promotions[sku], quantity, day)
            amount = (price * quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
            if (Decimal(line["unit_price"]), Decimal(line["amount"])) != (price, amount):
                wrong.append((sku, quantity, day, line, price))
    return wrong


def test_a_book_of_volume_tiers_is_priced_without_exception(machine):
    assert disagreements(machine, 3 * CALL) == []


@pytest.mark.soak
def test_sixty_thousand_lines_of_the_book_are_priced_without_exception(machine):
    assert disagreements(machine, 60 * CALL) == []
