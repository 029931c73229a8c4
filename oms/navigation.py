"""The sidebar: every place of the office, in groups, each shown to those who may open it."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the office: its name, its URL's name, the right it takes, its icon."""

    title: Words
    url: str
    permission: str
    icon: str


GROUPS: list[tuple[Words, list[Place]]] = [
    (
        _("Sales"),
        [
            Place(_("Quotes"), "admin:orders_quote_changelist", "orders.view_quote", "request_quote"),
            Place(_("Orders"), "admin:orders_order_changelist", "orders.view_order", "receipt_long"),
            Place(_("Holds"), "admin:orders_hold_changelist", "orders.view_hold", "pan_tool"),
            Place(_("Approvals"), "admin:orders_approvalrequest_inbox", "orders.decide_approval", "approval"),
        ],
    ),
    (
        _("Warehouse"),
        [
            Place(_("Release"), "admin:fulfillment_shipment_release", "fulfillment.release_order", "outbox"),
            Place(
                _("Shipments"),
                "admin:fulfillment_shipment_changelist",
                "fulfillment.view_shipment",
                "local_shipping",
            ),
            Place(
                _("Receiving"),
                "admin:inventory_purchaseorder_receiving",
                "inventory.receive_stock",
                "move_to_inbox",
            ),
            Place(_("Put away"), "admin:inventory_stocklevel_put_away", "inventory.move_stock", "pallet"),
            Place(
                _("Stock look-up"), "admin:inventory_stocklevel_find", "inventory.view_stocklevel", "search"
            ),
            Place(
                _("Stock"), "admin:inventory_stocklevel_changelist", "inventory.view_stocklevel", "shelves"
            ),
            Place(
                _("Transfers"),
                "admin:inventory_transfer_changelist",
                "inventory.view_transfer",
                "move_up",
            ),
            Place(_("Bins"), "admin:inventory_binstock_changelist", "inventory.view_binstock", "inventory_2"),
            Place(
                _("Count sheets"),
                "admin:inventory_countsheet_changelist",
                "inventory.view_countsheet",
                "fact_check",
            ),
            Place(
                _("Missing units"),
                "admin:inventory_stockcount_changelist",
                "inventory.view_stockcount",
                "rule",
            ),
            Place(
                _("Adjustments to decide"),
                "admin:inventory_stockadjustment_inbox",
                "inventory.decide_stockadjustment",
                "balance",
            ),
            Place(
                _("Quarantine"),
                "admin:inventory_stockadjustment_quarantine",
                "inventory.quarantine_stock",
                "gpp_maybe",
            ),
            Place(
                _("Movements"),
                "admin:inventory_stockmovement_changelist",
                "inventory.view_stockmovement",
                "swap_horiz",
            ),
        ],
    ),
    (
        _("Purchasing"),
        [
            Place(
                _("Restock alerts"),
                "admin:inventory_restockalert_changelist",
                "inventory.view_restockalert",
                "notification_important",
            ),
            Place(
                _("Purchase orders"),
                "admin:inventory_purchaseorder_changelist",
                "inventory.view_purchaseorder",
                "shopping_cart",
            ),
            Place(_("Receipts"), "admin:inventory_receipt_changelist", "inventory.view_receipt", "receipt"),
            Place(
                _("Suppliers"), "admin:inventory_supplier_changelist", "inventory.view_supplier", "factory"
            ),
            Place(
                _("Promises kept"),
                "admin:fulfillment_shipment_kept",
                "fulfillment.see_promises_kept",
                "event_available",
            ),
            Place(
                _("Reorder policies"),
                "admin:inventory_reorderpolicy_changelist",
                "inventory.view_reorderpolicy",
                "autorenew",
            ),
        ],
    ),
    (
        _("Catalogue"),
        [
            Place(_("Products"), "admin:inventory_product_changelist", "inventory.view_product", "category"),
            Place(
                _("Categories"),
                "admin:inventory_category_changelist",
                "inventory.view_category",
                "account_tree",
            ),
            Place(
                _("Price lists"), "admin:customers_pricelist_changelist", "customers.view_pricelist", "sell"
            ),
            Place(
                _("Prices"),
                "admin:customers_pricerule_changelist",
                "customers.view_pricerule",
                "price_change",
            ),
            Place(
                _("Restricted sales"),
                "admin:customers_restrictedsale_changelist",
                "customers.view_restrictedsale",
                "lock_person",
            ),
        ],
    ),
    (
        _("Customers"),
        [
            Place(
                _("Customers"), "admin:customers_customer_changelist", "customers.view_customer", "storefront"
            ),
            Place(
                _("Agreements"),
                "admin:customers_agreement_changelist",
                "customers.view_agreement",
                "handshake",
            ),
            Place(
                _("Credit"),
                "admin:customers_creditaccount_changelist",
                "customers.view_creditaccount",
                "account_balance",
            ),
            Place(
                _("Their part numbers"),
                "admin:customers_customerpartnumber_changelist",
                "customers.view_customerpartnumber",
                "tag",
            ),
            Place(
                _("Customer groups"),
                "admin:customers_customergroup_changelist",
                "customers.view_customergroup",
                "groups",
            ),
            Place(
                _("Sales teams"),
                "admin:customers_salesteam_changelist",
                "customers.view_salesteam",
                "diversity_3",
            ),
            Place(
                _("Payment terms"),
                "admin:customers_paymentterms_changelist",
                "customers.view_paymentterms",
                "event_upcoming",
            ),
        ],
    ),
    (
        _("Settings"),
        [
            Place(_("Company"), "admin:oms_company_changelist", "oms.view_company", "apartment"),
            Place(_("People"), "admin:oms_user_changelist", "oms.view_user", "person"),
            Place(_("Roles"), "admin:auth_group_changelist", "auth.view_group", "badge"),
            Place(
                _("Approval rules"),
                "admin:orders_approvalrule_changelist",
                "orders.view_approvalrule",
                "gavel",
            ),
            Place(
                _("Stock held by quotes"),
                "admin:orders_holdpolicy_changelist",
                "orders.view_holdpolicy",
                "bookmark",
            ),
            Place(
                _("Warehouses"),
                "admin:inventory_warehouse_changelist",
                "inventory.change_warehouse",
                "warehouse",
            ),
            Place(
                _("Locations"), "admin:inventory_location_changelist", "inventory.change_location", "pin_drop"
            ),
            Place(
                _("Carriers"), "admin:fulfillment_carrier_changelist", "fulfillment.view_carrier", "flight"
            ),
            Place(_("Currencies"), "admin:oms_currency_changelist", "oms.view_currency", "euro"),
            Place(_("Tax rates"), "admin:oms_taxrate_changelist", "oms.view_taxrate", "percent"),
            Place(_("Tax zones"), "admin:oms_taxzone_changelist", "oms.view_taxzone", "public"),
            Place(_("Tax classes"), "admin:oms_taxclass_changelist", "oms.view_taxclass", "label"),
            Place(_("Charges"), "admin:oms_chargekind_changelist", "oms.view_chargekind", "local_shipping"),
            Place(_("API clients"), "admin:oms_apiclient_changelist", "oms.view_apiclient", "key"),
            Place(
                _("Order announcements"),
                "admin:orders_orderdelivery_changelist",
                "orders.view_orderdelivery",
                "outgoing_mail",
            ),
            Place(
                _("Quote announcements"),
                "admin:orders_quotedelivery_changelist",
                "orders.view_quotedelivery",
                "outgoing_mail",
            ),
            Place(
                _("Shipment announcements"),
                "admin:fulfillment_shipmentdelivery_changelist",
                "fulfillment.view_shipmentdelivery",
                "outgoing_mail",
            ),
        ],
    ),
]


def address(name: str, *args: object) -> str:
    """Return the URL of a page, or nothing when this site has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@cache
def _link(name: str, prefix: str) -> str:
    """The address of a place; looking up all of them anew takes a page longer than its own rows."""
    return address(name)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups with the places this person may open, and which of them is open."""
    groups = [
        (title, [item for place in places if (item := _item(place, request))]) for title, places in GROUPS
    ]
    _mark_here([item for _title, items in groups for item in items], request.path)
    home = {"title": _("Home"), "icon": "home", "link": reverse("admin:index")}
    return [{"items": [home]}, *({"title": title, "items": items} for title, items in groups if items)]


def _item(place: Place, request: HttpRequest) -> dict[str, Any] | None:
    link = _link(place.url, get_script_prefix())
    if not link or not request.user.has_perm(place.permission):
        return None
    return {"title": place.title, "icon": place.icon, "link": link}


def _mark_here(items: list[dict[str, Any]], path: str) -> None:
    """Mark the one place that the page belongs to: of those whose address it begins with, the nearest."""
    here = max((item["link"] for item in items if path.startswith(item["link"])), key=len, default="")
    for item in items:
        item["active"] = item["link"] == here
