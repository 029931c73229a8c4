"""One of everything, and a person per role who may see it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.utils import timezone

from customers.models import (
    Address,
    Agreement,
    Contact,
    CreditAccount,
    Customer,
    CustomerGroup,
    CustomerPartNumber,
    PaymentTerms,
    PriceList,
    PriceRule,
    RestrictedSale,
    SalesChannel,
    SalesTeam,
)
from customers.services.agreeing import Terms, draft_agreement
from fulfillment.models import Carrier, Shipment, ShipmentDelivery
from fulfillment.services.picking import short_pick
from fulfillment.status import ShortReason
from inventory.models import (
    BinStock,
    Category,
    CountSheet,
    Location,
    Product,
    PurchaseOrder,
    Receipt,
    ReorderPolicy,
    RestockAlert,
    StockAdjustment,
    StockCount,
    StockLevel,
    StockMovement,
    Supplier,
    Transfer,
    Warehouse,
)
from inventory.services.adjusting import Difference, Why, propose_adjustments
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.services.receiving import receive_purchase_order
from inventory.services.sheets import Choice, open_count_sheet
from inventory.status import AdjustmentReason
from oms.access import matrix
from oms.models import (
    ApiClient,
    ChargeKind,
    Company,
    Currency,
    ExchangeRate,
    ImportJob,
    TaxClass,
    TaxRate,
    TaxZone,
    User,
)
from orders.models import (
    ApprovalRequest,
    ApprovalRule,
    CallOff,
    Hold,
    HoldPolicy,
    Order,
    OrderDelivery,
    Quote,
    QuoteDelivery,
)
from orders.services.capturing import Header
from orders.services.quoting import draft_quote
from orders.services.restocking import raise_restock_alerts
from orders.services.scheduling import Portions, plan_call_offs
from tests.builders import (
    a_company,
    a_credit_account,
    a_currency,
    a_customer,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_tax_rate,
    a_team,
    a_transfer,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    first_bin,
    in_days,
)

MODELS = {
    model._meta.label_lower: model
    for model in (
        Group, ApiClient, Company, Currency, User, BinStock, Category, Location, Product, PurchaseOrder, ReorderPolicy,
        Receipt, RestockAlert, CountSheet, StockAdjustment, StockCount, StockLevel, StockMovement, Supplier, Transfer,
        Warehouse, Address, Agreement, Contact, CreditAccount, Customer, CustomerGroup, CustomerPartNumber,
        PaymentTerms, PriceList, PriceRule, RestrictedSale, SalesChannel, SalesTeam, ExchangeRate, ChargeKind,
        TaxClass, TaxRate, TaxZone, ApprovalRequest, ApprovalRule, Hold, HoldPolicy, Order, OrderDelivery, Quote,
        QuoteDelivery, Carrier, Shipment, ShipmentDelivery,
    )
}  # fmt: skip


@dataclass
class World:
    """The people by role, and one of everything they meet."""

    people: dict[str, User]
    order: Order
    quote: Quote
    shipment: Shipment
    purchase: PurchaseOrder

    def target(self, name: str) -> Any:
        """The object that an address is about, by the address's name."""
        for part, found in self._by_part.items():
            if part in name:
                return found
        return None

    @cached_property
    def _by_part(self) -> dict[str, Any]:
        return {
            "shipment_cancel_order": self.shipment.order,
            "api-call-off": CallOff.objects.first(),
            "change_view": self.order,
            "notice": self.order,
            "approvalrequest": ApprovalRequest.objects.first(),
            "orders_order": self.order,
            "orders_quote": self.quote,
            "shipment": self.shipment,
            "stockadjustment": StockAdjustment.objects.first(),
            "countsheet": CountSheet.objects.first(),
            "stockcount": StockCount.objects.first(),
            "purchaseorder": self.purchase,
            "transfer": Transfer.objects.first(),
            "receipt": Receipt.objects.first(),
            "product": Product.objects.first(),
            "agreement": Agreement.objects.first(),
            "creditaccount": CreditAccount.objects.first(),
            "customer": self.order.customer,
            "auth_user": self.people["Sales rep"],
            "api-order": self.order,
            "api-quote": self.quote,
            "import_": ImportJob.objects.first(),
        }

    def arguments(self, name: str, takes: tuple[str, ...]) -> dict[str, Any]:
        target = self.target(name)
        return {
            one: {"app_label": "orders", "content_type_id": 1, "object_id": 1, "token": "x" * 32}.get(one)
            or self._value(target, one)
            for one in takes
        }

    @staticmethod
    def _value(target: Any, one: str) -> Any:
        return getattr(target, one) if hasattr(target, one) else target.pk


def build() -> World:
    a_company()
    people = {
        role: a_user(
            groups=[Group.objects.get(name=role)], username=role.replace(" ", "-").lower(), is_staff=True
        )
        for role in matrix()["roles"]
    }
    warehouse = a_warehouse(bins=2)
    warehouse.members.set([people["Warehouse operator"], people["Warehouse supervisor"]])
    team = a_team(people["Sales manager"])
    customer = a_customer(rep=people["Sales rep"], team=team, warehouse=warehouse)
    Contact.objects.create(customer=customer, name="M. Kern")
    draft_agreement(Terms(customer.pk, "EUR", in_days(0), in_days(9)), [], by=None)
    frame = an_agreement(customer, agreed(a_product(), 8))
    portions = Portions(frame.lines.get().pk, customer.addresses.first().pk, 5, in_days(9))
    plan_call_offs(frame.pk, portions, by=None)
    HoldPolicy.objects.create(days=5)
    a_credit_account(customer, 1000)
    CustomerGroup.objects.create(code="GOLD", name="Gold")
    SalesChannel.objects.create(code="WEB", name="Web shop")
    ExchangeRate.objects.create(
        source=a_currency("USD"), target=a_currency(), rate=Decimal("0.9"), valid_from=in_days(0)
    )
    a_tax_rate(19)
    ChargeKind.objects.create(code="FREIGHT", name="Freight", amount=12)
    bolts_branch = Category.objects.create(code="BOLTS", name="Bolts")
    RestrictedSale.objects.create(category=bolts_branch, customer=customer)
    Carrier.objects.create(code="DHL", name="DHL")
    ApiClient.objects.create(
        name="Shop", user=people["API client"], key_hash="0" * 64, expires_at=timezone.now()
    )
    bolts = a_product("BOLT", on_hand=50, at=warehouse)
    CustomerPartNumber.objects.create(customer=customer, number="K-1", unit=bolts.units.get())
    ReorderPolicy.objects.create(product=bolts, warehouse=warehouse, reorder_point=1000, order_up_to=2000)
    raise_restock_alerts()
    supplier = Supplier.objects.create(code="HYDRA", name="Hydra")
    purchase = place_purchase_order(supplier, warehouse, [Expected(bolts.pk, 5, in_days(3))], by=None)
    shipment = a_shipment({bolts: 4}, by=people["Sales rep"], customer=customer)
    short_pick(shipment.lines.get().tasks.get().pk, 1, ShortReason.NOT_FOUND, by=None)
    receive_purchase_order(purchase.pk, {purchase.lines.get().pk: 1}, by=None)
    gone = Difference(bolts.pk, first_bin(warehouse), -40)
    propose_adjustments([gone], Why(AdjustmentReason.LOST), by=people["Warehouse operator"])
    open_count_sheet(Choice(warehouse), by=people["Warehouse supervisor"])
    a_rule(threshold=1, approvers=Group.objects.get(name="Sales manager"))
    order = a_submitted_order({bolts: 2}, by=people["Sales rep"], customer=customer)
    quote = draft_quote(Header(customer.pk), [a_line(bolts, 3)], by=people["Sales rep"])
    other = a_warehouse()
    other.members.set([people["Warehouse operator"], people["Warehouse supervisor"]])
    a_transfer({bolts: 2}, warehouse, other)
    ImportJob.objects.create(kind="products", name="a file", by=people["Sales rep"])
    LogEntry.objects.all().delete()
    shipment.refresh_from_db()
    return World(people, order, quote, shipment, purchase)
