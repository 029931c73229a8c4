"""What of the catalogue, of supply and of the warehouses can be found from the one box."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.models import Product, ProductUnit, PurchaseOrder, Transfer
from oms.navigation import address
from oms.search import Find, Kind, Way, can_be_found, coded, numbered, worded
from oms.typed import Typed


def _barcode(typed: Typed) -> Q | None:
    units = ProductUnit.objects.filter(gtin__in=typed.gtins)
    return Q(pk__in=units.order_by().values("product")) if typed.gtins else None


def _product(product: Product) -> Find:
    url = address("admin:inventory_product_change", product.pk)
    return Find(product.sku, f"{product.name}, {product.get_status_display()}", url)


def _purchase(purchase: PurchaseOrder) -> Find:
    url = address("admin:inventory_purchaseorder_change", purchase.pk)
    return Find(purchase.number, f"{purchase.supplier}, {purchase.get_status_display()}", url)


def _transfer(transfer: Transfer) -> Find:
    way = _("%(source)s to %(target)s") % {"source": transfer.source, "target": transfer.target}
    url = address("admin:inventory_transfer_change", transfer.pk)
    return Find(transfer.number, f"{way}, {transfer.get_status_display()}", url)


can_be_found(
    Kind(
        gettext_lazy("Products"),
        "inventory.view_product",
        Product.objects.visible_to,
        (
            *coded(gettext_lazy("SKU"), "sku"),
            Way(gettext_lazy("barcode"), _barcode),
            worded(gettext_lazy("name"), "name"),
        ),
        _product,
        first="name",
    ),
    order=5,
)
can_be_found(
    Kind(
        gettext_lazy("Purchase orders"),
        "inventory.view_purchaseorder",
        PurchaseOrder.objects.visible_to,
        numbered("PO"),
        _purchase,
        joined=("supplier",),
    ),
    order=6,
)
can_be_found(
    Kind(
        gettext_lazy("Transfers"),
        "inventory.view_transfer",
        Transfer.objects.visible_to,
        numbered("TR"),
        _transfer,
        joined=("source", "target"),
    ),
    order=7,
)
