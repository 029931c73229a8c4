"""The catalogue's rows: categories, products with their units and GTINs, suppliers and what they ask."""

from collections.abc import Sequence
from decimal import Decimal

from stdnum import ean

from customers.models import CustomerGroup, RestrictedSale
from inventory.models import Category, Product, ProductUnit, Supplier, SupplierProduct
from inventory.status import ProductStatus
from oms.demo.families import CATEGORIES, Item, Pack
from oms.demo.house import House
from oms.demo.taxes import REDUCED
from oms.demo.words import MAIL, SUPPLIERS
from oms.models import TaxClass
from oms.money import round_half_up

COST_DECIMALS = 6
NOT_FOR_SCANNING = {"MMT", "MLT", "GRM"}  # nobody sticks a barcode on a millimetre
BLOCKED = ("BF-EPDM-DN125", "HE-BU", "LF-100")
SUCCESSORS = {
    "SV-230-DN10": "SV-24-DN10",
    "CD-125X1.6": "CD-125X1",
    "GL-LEA-7": "GL-CUT-7",
    "YSLY-3X0.75": "YSLY-4X0.75",
}
NEVER_BACKORDERED = ("PT-DD18", "PT-RH26", "OIL-10W40", "EP-1200X800")
BOOK = "BK-FAST"  # taxed at the reduced rate
RESTRICTED, RESTRICTED_TO = "BV-A4-DN10", "C1007"  # besides the Gold group
WITHOUT_PRICE = "LB-1500"  # new in the catalogue, nobody has priced it yet


def create_categories() -> dict[str, Category]:
    found: dict[str, Category] = {}
    for code, name, parent in CATEGORIES:
        found[code] = Category.objects.create(code=code, name=name, parent=found.get(parent))
    return found


def create_products(items: Sequence[Item]) -> dict[str, Product]:
    categories, reduced = create_categories(), TaxClass.objects.filter(name=REDUCED).first()
    products = Product.objects.bulk_create(
        Product(
            sku=item.sku,
            name=item.name,
            category=categories[item.category],
            cost=item.cost,
            tax_class=reduced if item.sku == BOOK else None,
            weight_grams=item.grams,
            backorder_allowed=item.sku not in NEVER_BACKORDERED,
        )
        for item in items
    )
    return {product.sku: product for product in products}


def create_units(items: Sequence[Item], products: dict[str, Product]) -> dict[tuple[str, str], ProductUnit]:
    """Create the units of all items; return them by SKU and unit code."""
    packs = [(item, pack) for item in items for pack in item.packs]
    units = ProductUnit.objects.bulk_create(
        ProductUnit(
            product=products[item.sku],
            code=pack.code,
            name=pack.name,
            numerator=pack.holds,
            multiple=pack.multiple,
            minimum=pack.minimum,
            gtin=gtin_of(pack, serial),
            is_default=pack.code == item.offered,
        )
        for serial, (item, pack) in enumerate(packs, start=1)
    )
    return {(item.sku, pack.code): unit for (item, pack), unit in zip(packs, units, strict=True)}


def gtin_of(pack: Pack, serial: int) -> str | None:
    """Return a GTIN-13 of the range 290, which GS1 leaves to companies for use in their own house."""
    if pack.code in NOT_FOR_SCANNING:
        return None
    digits = f"290{serial:09d}"
    return digits + str(ean.calc_check_digit(digits))


def create_suppliers(items: Sequence[Item], products: dict[str, Product]) -> dict[str, Supplier]:
    """Create the suppliers and what they ask for each product; return the main supplier of each SKU."""
    suppliers = Supplier.objects.bulk_create(
        Supplier(
            code=code,
            name=name,
            email=f"{code[2:].lower()}@{MAIL}",
            phone=f"+49 30 5550 {n:03d}",
            lead_time_days=days,
        )
        for n, (code, name, days, _categories) in enumerate(SUPPLIERS, start=1)
    )
    of = {
        category: supplier for supplier, row in zip(suppliers, SUPPLIERS, strict=True) for category in row[3]
    }
    first = [_terms(item, products, of[item.category]) for item in items]
    second = [
        _terms(item, products, suppliers[8], dearer=True) for item in items if item.category == "ELE-CABLE"
    ]
    SupplierProduct.objects.bulk_create([*first, *second])
    return {item.sku: of[item.category] for item in items}


def _terms(
    item: Item, products: dict[str, Product], supplier: Supplier, *, dearer: bool = False
) -> SupplierProduct:
    largest = max(pack.holds for pack in item.packs)
    return SupplierProduct(
        supplier=supplier,
        product=products[item.sku],
        supplier_sku=f"{supplier.code[2:4]}-{products[item.sku].pk + 40_000}",
        cost=round_half_up(item.cost * Decimal("1.07"), COST_DECIMALS) if dearer else item.cost,
        minimum=largest,
        multiple=item.default.holds,
        lead_time_days=supplier.lead_time_days,
    )


def retire() -> None:
    """End the life of what is blocked and discontinued, after a year in which it was sold."""
    Product.objects.filter(sku__in=BLOCKED).update(status=ProductStatus.BLOCKED)
    for old, new in SUCCESSORS.items():
        Product.objects.filter(sku=old).update(
            status=ProductStatus.DISCONTINUED, superseded_by=Product.objects.get(sku=new)
        )


def restrict(house: House) -> None:
    """From today on one product is sold to a group and to one customer of another only."""
    gold = CustomerGroup.objects.get(code="GOLD")
    product = house.products[RESTRICTED]
    RestrictedSale.objects.create(product=product, group=gold)
    RestrictedSale.objects.create(product=product, customer=house.customers[RESTRICTED_TO])
