"""The demo's prices: a list for everyone in each currency, lists of groups, and contracts with breaks and terms."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from customers.models import (
    Customer,
    CustomerGroup,
    PriceList,
    PriceListAssignment,
    PriceListVersion,
    PriceRule,
)
from customers.services.versions import begin_lists
from inventory.models import ProductUnit
from oms.demo.buyers import BUYERS, KEY_ACCOUNTS, TRADES
from oms.demo.catalogue import NOT_FOR_SCANNING, WITHOUT_PRICE
from oms.demo.families import Item, Pack
from oms.money import round_half_up

Units = Mapping[tuple[str, str], ProductUnit]
Rate = tuple[Pack, int, Decimal]  # a unit, from so many of it (0: from the first base unit), price in euro

MARGINS = {  # what is added to the cost, by branch of the catalogue
    "FAS": "0.75", "VAL": "0.52", "FIT": "0.56", "ELE": "0.45", "SAF": "0.62", "TOO": "0.48", "PAC": "0.50",
    "LUB": "0.66", "DRV": "0.60", "PRI": "0.40",
}  # fmt: skip
GIVEN_UP = {"GOLD": "0.20", "SILVER": "0.13", "TRADE": "0.07"}  # the part of that margin a group is spared
GROUP_BRANCHES = {
    "GOLD": tuple(MARGINS),
    "SILVER": ("FAS", "VAL", "FIT", "ELE"),
    "TRADE": ("FAS", "SAF", "TOO"),
}
CONTRACT = ((1, "0.30"), (5, "0.34"), (20, "0.40"))  # from so many units on, the part of the margin given up
EXCHANGE = {"EUR": "1", "CHF": "0.95", "DKK": "7.46", "GBP": "0.86"}
CONTRACT_ITEMS = 22
BEGAN, ENDS, BEFORE = timedelta(days=200), timedelta(days=165), timedelta(days=565)


def margin_of(item: Item) -> Decimal:
    return Decimal(MARGINS[item.category[:3]])


def rounded(price: Decimal) -> Decimal:
    return round_half_up(price, 2 if price >= 1 else 4)


def list_prices(item: Item) -> Iterator[Rate]:
    """Yield the prices for everyone: the unit offered first, with a break, and the others against it."""
    main = item.default
    price = item.cost * (1 + margin_of(item))
    yield main, 0, price * main.holds
    yield main, 10, price * main.holds * Decimal("0.95")
    for pack in item.packs:
        if pack.code not in {main.code, *NOT_FOR_SCANNING}:
            yield pack, 0, price * pack.holds * Decimal("0.96" if pack.holds > main.holds else "1.20")


def spared(item: Item, part: str) -> Decimal:
    """Return the price of the unit offered first when this part of the margin is given up."""
    return item.cost * (1 + margin_of(item) * (1 - Decimal(part))) * item.default.holds


def create_prices(
    items: Sequence[Item], units: Units, customers: Mapping[str, Customer], today: date
) -> None:
    rules = [
        *_for_everyone(items, units),
        *_for_groups(items, units),
        *_contracts(items, units, customers, today),
    ]
    PriceRule.objects.bulk_create(rules, batch_size=2000)


def _list(
    code: str,
    name: str,
    currency: str,
    *,
    group: CustomerGroup | None = None,
    customer: Customer | None = None,
) -> PriceListVersion:
    found = PriceList.objects.create(code=code, name=name, currency_id=currency)
    begin_lists([found.pk])
    PriceListAssignment.objects.create(price_list=found, group=group, customer=customer)
    return found.versions.get()


def _rule(version: PriceListVersion, units: Units, item: Item, rate: Rate, **valid: date) -> PriceRule:
    pack, packs, price = rate
    unit = units[item.sku, pack.code]
    return PriceRule(
        version=version,
        product_id=unit.product_id,
        unit=unit,
        min_quantity=max(1, packs * pack.holds),
        price=rounded(price),
        **valid,
    )


def _for_everyone(items: Sequence[Item], units: Units) -> Iterator[PriceRule]:
    for currency, rate in EXCHANGE.items():
        everyone = _list(f"BASE-{currency}", f"List prices in {currency}", currency)
        for item in items:
            prices = [] if item.sku == WITHOUT_PRICE else list(list_prices(item))
            for pack, packs, price in prices if currency == "EUR" else prices[:1]:
                yield _rule(everyone, units, item, (pack, packs, price * Decimal(rate)))


def _for_groups(items: Sequence[Item], units: Units) -> Iterator[PriceRule]:
    for group in CustomerGroup.objects.order_by("pk"):
        prices = _list(f"GROUP-{group.code}", f"{group.name} customers", "EUR", group=group)
        for item in items:
            if item.category[:3] in GROUP_BRANCHES[group.code] and item.sku != WITHOUT_PRICE:
                price = spared(item, GIVEN_UP[group.code])
                yield _rule(prices, units, item, (item.default, 1, price))
                yield _rule(prices, units, item, (item.default, 10, price * Decimal("0.96")))


def _contracts(
    items: Sequence[Item], units: Units, customers: Mapping[str, Customer], today: date
) -> Iterator[PriceRule]:
    trades = {buyer.code: buyer.trade for buyer in BUYERS}
    for code in KEY_ACCOUNTS:
        customer = customers[code]
        prices = _list(f"CONTRACT-{code}", f"Contract {customer.name}", "EUR", customer=customer)
        for item in contract_items(items, trades[code], code):
            yield from _contract_of(prices, units, item, today)


def contract_items(items: Sequence[Item], trade: str, code: str) -> list[Item]:
    """Return what a customer has contract prices for: every so many items of its branches."""
    branches = TRADES[trade]
    wanted = [item for item in items if item.category.startswith(branches) and item.sku != WITHOUT_PRICE]
    step = max(1, len(wanted) // CONTRACT_ITEMS)
    return wanted[int(code[1:]) % step :: step][:CONTRACT_ITEMS]


def _contract_of(prices: PriceListVersion, units: Units, item: Item, today: date) -> Iterator[PriceRule]:
    """Yield last term's price, this term's with its breaks, and the one agreed from the next term on."""
    began, ends = today - BEGAN, today + ENDS
    old, new = spared(item, "0.26"), spared(item, "0.24")
    yield _rule(prices, units, item, (item.default, 1, old), valid_from=today - BEFORE, valid_to=began)
    for packs, part in CONTRACT:
        rate = (item.default, packs, spared(item, part))
        yield _rule(prices, units, item, rate, valid_from=began, valid_to=ends)
    yield _rule(prices, units, item, (item.default, 1, new), valid_from=ends)
