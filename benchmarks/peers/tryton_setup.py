"""Tryton's company: catalogue, a price list with three breaks, a customer, stock. In a process of its own, for
activating modules reloads everything."""

import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.work import ON_HAND, Scale, list_price

MODULES = ("sale_price_list", "sale", "stock")
BATCH = 500
# Tryton takes the first that fits.
BREAKS = ((1, 100.0, "unit_price * 0.80"), (2, 10.0, "unit_price * 0.90"), (3, None, "unit_price * 0.95"))


def fill(name: str, address: str, scale: Scale) -> None:
    _activate(name)
    user, context, ids = _company(name)
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    pool = Pool(name)
    with Transaction().start(name, user, context=context):
        _catalogue(pool, scale, ids)
    with Transaction().start(name, user, context=context):
        _customer(pool, ids)
        first = _first_stock(pool)
    _rest_of_stock(address, first)


def _activate(name: str) -> None:
    from trytond import admin, commandline

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "password"
        path.write_text("only for this benchmark")
        os.environ["TRYTONPASSFILE"] = str(path)
        words = ["-d", name, "-u", *MODULES, "--activate-dependencies", "--email", "bench@example.com", "-p"]
        admin.run(commandline.get_parser_admin().parse_args(words))


def _company(name: str) -> tuple[int, dict[str, Any], dict[str, int]]:
    """Make company, chart and terms with what Tryton's own tests use; no invoice at confirmation."""
    from proteus import Model
    from proteus import config as proteus
    from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, get_accounts
    from trytond.modules.account_invoice.tests.tools import (
        create_payment_term,
        set_fiscalyear_invoice_sequences,
    )
    from trytond.modules.company.tests.tools import create_company

    config = proteus.set_trytond(name, user="admin")
    create_company()
    create_chart()
    set_fiscalyear_invoice_sequences(create_fiscalyear()).click("create_period")
    accounts = get_accounts()
    category = Model.get("product.category")(name="Goods", accounting=True)
    category.account_expense, category.account_revenue = accounts["expense"], accounts["revenue"]
    category.save()
    term = create_payment_term()
    term.save()
    sales = Model.get("sale.configuration")(1)
    sales.sale_invoice_method, sales.sale_shipment_method = "manual", "order"
    sales.save()
    (unit,) = Model.get("product.uom").find([("name", "=", "Unit")])
    context = dict(Model.get("res.user").get_preferences(True, config.context))
    return config.user, context, {"category": category.id, "term": term.id, "unit": unit.id}


def _catalogue(pool: Any, scale: Scale, ids: dict[str, int]) -> None:
    numbers = range(1, scale.products + 1)
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        pool.get("product.template").create([_template(number, ids) for number in batch])


def _template(number: int, ids: dict[str, int]) -> dict[str, Any]:
    return {
        "name": f"Product {number}",
        "code": f"P{number}",
        "type": "goods",
        "default_uom": ids["unit"],
        "salable": True,
        "sale_uom": ids["unit"],
        "list_price": Decimal(list_price(number)),
        "account_category": ids["category"],
        "products": [("create", [{}])],
    }


def _customer(pool: Any, ids: dict[str, int]) -> None:
    """Three breaks on the list price: the natural way, and the fastest; a price per product is scanned line by line."""
    lines = [{"quantity": q, "sequence": s, "formula": f} for s, q, f in BREAKS]
    (prices,) = pool.get("product.price_list").create(
        [{"name": "B2B", "price": "list_price", "lines": [("create", lines)]}]
    )
    customer = {
        "name": "Customer 0001",
        "addresses": [("create", [{"street": "Street 1", "city": "Town"}])],
        "customer_payment_term": ids["term"],
        "sale_price_list": prices.id,
    }
    pool.get("party.party").create([customer])


def _first_stock(pool: Any) -> int:
    """Take one product into stock by an inventory and return its id."""
    (warehouse,) = pool.get("stock.location").search([("type", "=", "warehouse")])
    product = pool.get("product.product").search([("code", "=", "P1")])[0].id
    line = {"product": product, "quantity": float(ON_HAND)}
    Inventory = pool.get("stock.inventory")  # noqa: N806 - a class
    inventories = Inventory.create(
        [{"location": warehouse.storage_location.id, "lines": [("create", [line])]}]
    )
    Inventory.confirm(inventories)
    return int(product)


def _rest_of_stock(address: str, product: int) -> None:
    """Copy that stock move for every other product: confirming thousands of lines takes minutes."""
    with psycopg.connect(address, autocommit=True) as plain:
        columns = [
            row[0]
            for row in plain.execute(
                "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'stock_move' "
                "AND column_name <> 'id' AND is_generated = 'NEVER' ORDER BY ordinal_position"
            )
        ]
        changed = {"product": "p.id", "origin": "NULL"}
        names = ", ".join(f'"{column}"' for column in columns)
        values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
        plain.execute(
            f"INSERT INTO stock_move ({names}) SELECT {values} FROM stock_move t, product_product p "
            "WHERE t.product = %s AND p.id <> t.product",
            [product],
        )
        plain.execute("VACUUM ANALYZE")
