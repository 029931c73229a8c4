"""django-oscar as installed, through its own service classes; a transaction per request, as its settings ask for."""

import os
from collections.abc import Callable
from typing import Any

from benchmarks.contended import Enter, Errors
from benchmarks.peers.script import run
from benchmarks.work import ON_HAND, Lines, Scale, list_price

BATCH = 5_000


class NotAvailable(Exception):
    """The shop refuses a line."""


def start(address: str) -> None:
    os.environ["OSCAR_ADDRESS"] = address
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.peers.oscar_settings"
    import django

    django.setup()


def setup(address: str, scale: Scale) -> None:
    start(address)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.db import connection
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    partner = get_model("partner", "Partner").objects.create(name="Warehouse")
    stocked = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=True)
    germany = {
        "iso_3166_1_a3": "DEU",
        "name": "Germany",
        "printable_name": "Germany",
        "is_shipping_country": True,
    }
    get_model("address", "Country").objects.get_or_create(iso_3166_1_a2="DE", defaults=germany)
    get_model("order", "ShippingEventType").objects.create(name="Shipped")
    Product, Stock = get_model("catalogue", "Product"), get_model("partner", "StockRecord")  # noqa: N806
    products = Product.objects.bulk_create(
        (
            Product(product_class=stocked, title=f"Product {n}", upc=f"P{n}", structure="standalone")
            for n in range(1, scale.products + 1)
        ),
        batch_size=BATCH,
    )
    Stock.objects.bulk_create(
        (
            Stock(
                product=product, partner=partner, partner_sku=product.upc, price_currency="GBP",
                price=list_price(n), num_in_stock=ON_HAND,
            )
            for n, product in enumerate(products, start=1)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    get_user_model().objects.create(
        username="customer", email="customer@example.com", first_name="C", last_name="1"
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


class Oscar:
    """One customer's session, with the shop's staff behind it."""

    def __init__(self, address: str) -> None:
        start(address)
        from django.contrib.auth import get_user_model
        from django.db import connection
        from oscar.core.loading import get_model

        self.statements = 0
        connection.execute_wrappers.append(self._counted)
        found = get_model("catalogue", "Product").objects.order_by("pk")
        self.products = list(found.values_list("pk", flat=True))
        self.customer = get_user_model().objects.get(username="customer")

    def _counted(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.statements += 1
        return execute(*args)

    def steps(self, lines: Lines) -> dict[str, Callable[[], None]]:
        from django.db import transaction

        ids: dict[str, int] = {}

        def enter() -> None:
            with transaction.atomic():
                ids["basket"] = self._basket(lines)

        def confirm() -> None:
            with transaction.atomic():
                ids["order"] = self._order(ids["basket"])

        def fulfil() -> None:
            with transaction.atomic():
                self._ship(ids["order"])

        return {"enter_order": enter, "confirm_order": confirm, "fulfil_order": fulfil}

    def _basket(self, lines: Lines) -> int:
        """Every line through the basket, its price and stock through the partner's strategy, then the offers."""
        from oscar.core.loading import get_class, get_model

        basket = get_model("basket", "Basket").objects.create(owner=self.customer)
        basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=self.customer)
        wanted = dict(zip((self.products[n - 1] for n in lines.products), lines.quantities, strict=True))
        for product in get_model("catalogue", "Product").objects.filter(pk__in=wanted):
            basket.add_product(product, wanted[product.pk])
        get_class("offer.applicator", "Applicator")().apply(basket, self.customer)
        return int(basket.pk)

    def _order(self, pk: int) -> int:
        """The checkout: offers, availability of each line, the order, which reserves the stock."""
        from oscar.core.loading import get_class, get_model

        basket = get_model("basket", "Basket").objects.get(pk=pk)
        basket.strategy = get_class("partner.strategy", "Selector")().strategy(user=self.customer)
        get_class("offer.applicator", "Applicator")().apply(basket, self.customer)
        for line in basket.all_lines():
            there, why = basket.strategy.fetch_for_line(line).availability.is_purchase_permitted(
                line.quantity
            )
            if not there:
                raise NotAvailable(why)
        method = get_class("shipping.methods", "Free")()
        charge = method.calculate(basket)
        total = get_class("checkout.calculators", "OrderTotalCalculator")().calculate(basket, charge)
        address = get_model("order", "ShippingAddress").objects.create(
            first_name="C", last_name="1", line1="Street 1", line4="Berlin", postcode="10115", country_id="DE"
        )
        order = get_class("order.utils", "OrderCreator")().place_order(
            basket=basket, total=total, shipping_method=method, shipping_charge=charge, user=self.customer,
            shipping_address=address,
        )  # fmt: skip
        basket.submit()
        return int(order.pk)

    def _ship(self, pk: int) -> None:
        from oscar.core.loading import get_class, get_model

        order = get_model("order", "Order").objects.get(pk=pk)
        handler = get_class("order.processing", "EventHandler")()
        lines = list(order.lines.all())
        quantities = [line.quantity for line in lines]
        shipped = get_model("order", "ShippingEventType").objects.get(name="Shipped")
        handler.handle_shipping_event(order, shipped, lines, quantities)
        handler.consume_stock_allocations(order, lines, quantities)
        order.set_status("Being processed")
        order.set_status("Complete")


def side(address: str) -> tuple[Enter, Errors]:
    oscar = Oscar(address)
    from django.db import DatabaseError

    def enter(lines: Lines) -> int:
        before = oscar.statements
        steps = oscar.steps(lines)
        steps["enter_order"]()
        steps["confirm_order"]()
        return oscar.statements - before

    return enter, (DatabaseError, NotAvailable)


if __name__ == "__main__":
    run("benchmarks.peers.oscar", setup, Oscar, side)
