"""The demo company moves in: everything, or nothing, in one transaction."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from customers.models import Customer
from fulfillment.models import Carrier, Shipment, ShipmentDelivery, ShipmentEvent
from fulfillment.status import CarrierKind
from inventory.models import Product, PurchaseOrder, Transfer
from oms.access import setup_roles
from oms.company import business_day
from oms.demo.agreements import agreements
from oms.demo.catalogue import create_products, create_suppliers, create_units, restrict, retire
from oms.demo.clock import Clock, Story, living_by, play
from oms.demo.credit import create_credit
from oms.demo.deciding import create_rules
from oms.demo.families_more import all_items
from oms.demo.files import only_if_all_goes_well
from oms.demo.house import House
from oms.demo.imports import handed_in
from oms.demo.people import create_customers, create_teams, create_users, demo_users
from oms.demo.plans import YEAR, Planner
from oms.demo.prices import create_prices
from oms.demo.purchases import stories, supplies
from oms.demo.quotes import hold_stock
from oms.demo.shipping import FREIGHT, PARCEL
from oms.demo.stock import create_bins, create_policies, create_sites
from oms.demo.taxes import create_taxes
from oms.demo.telling import stories_of
from oms.demo.transfers import transfers
from oms.demo.words import COMPANY, CURRENCIES
from oms.errors import Refused
from oms.models import Company, Currency
from oms.numbering import FIRST_NUMBER
from orders.models import Order, OrderDelivery, OrderEvent, Quote, QuoteDelivery, QuoteEvent
from orders.notices import notify_about, tell_what_is_due

NUMBERS = (
    "customers_agreement_number", "inventory_purchase_number", "inventory_transfer_number",
    "orders_quote_number", "orders_order_number", "fulfillment_shipment_number",
)  # fmt: skip
MEASURED = (YEAR + 6, YEAR - 20, YEAR - 120)  # days ago
DOCUMENTS = (PurchaseOrder, Transfer, Quote, Order, Shipment)
NEWS_OF_DAYS = 4
OUTBOXES = ((QuoteDelivery, QuoteEvent), (OrderDelivery, OrderEvent), (ShipmentDelivery, ShipmentEvent))


class SomebodyLivesHere(Refused):
    """The demo moves only into an empty house."""

    code = "somebody_lives_here"


def is_there() -> bool:
    return demo_users().exists()


@transaction.atomic
def load() -> None:
    """Load the demo company into an empty house. No refusal is survived, so no savepoints are needed.

    Raise SomebodyLivesHere when there are products, customers or documents already.
    """
    _require_empty()
    setup_roles()
    restart_numbers()
    house = furnish()
    planner = Planner(house.clock, list(house.items.values()))
    plans = planner.all()
    hold_stock(house, plans)
    with (
        only_if_all_goes_well(house),
        living_by(house.clock),
        patch.object(connection.features, "uses_savepoints", False),
    ):
        supply = stories(house, supplies(house, plans))
        deals = agreements(house, plans)
        told: Iterator[Story[Any]] = chain(
            [measured(house.clock), handed_in(house)],
            supply,
            deals,
            stories_of(house, plans),
            transfers(house),
        )
        play(house.clock, told)
    create_credit()
    retire()
    restrict(house)
    _tell_the_desks(house.clock)
    _mark_announced()


def _require_empty() -> None:
    for model in (Product, Customer, *DOCUMENTS):
        if model._default_manager.exists():
            raise SomebodyLivesHere(
                _("There are %(things)s here already. The demo company moves only into an empty database.")
                % {"things": model._meta.verbose_name_plural}
            )


def restart_numbers() -> None:
    """Let the next document of each kind bear the first number; no document bears one."""
    with connection.cursor() as cursor:
        for name in NUMBERS:
            cursor.execute("SELECT setval(%s, %s, false)", [name, FIRST_NUMBER])


def furnish() -> House:
    """Create everything that stands before the first document."""
    for code, name in CURRENCIES:
        Currency.objects.get_or_create(code=code, defaults={"name": name})
    if not Company.objects.exists():
        Company.objects.create(currency_id="EUR", **COMPANY)
    create_taxes()
    items, users, sites = all_items(), create_users(), create_sites()
    products = create_products(items)
    house = House(
        clock=Clock(business_day(), ZoneInfo(Company.objects.get().zone)),
        items={item.sku: item for item in items},
        users=users,
        sites=sites,
        bins=create_bins(sites),
        products=products,
        units=create_units(items, products),
        suppliers=create_suppliers(items, products),
        customers=create_customers(users, sites, create_teams(users, sites)),
        carriers=_create_carriers(),
    )
    create_prices(items, house.units, house.customers, house.clock.today)
    create_policies(items, products, sites)
    create_rules()
    return house


def _create_carriers() -> dict[str, Carrier]:
    kinds = {
        PARCEL: ("Hansa Parcel", CarrierKind.SIMULATED),
        FREIGHT: ("Nordfracht Spedition", CarrierKind.MANUAL),
    }
    return {
        code: Carrier.objects.create(
            code=code,
            name=name,
            kind=kind,
            tracking_url=f"https://{code.lower()}.example.com/track/{{number}}",
        )
        for code, (name, kind) in kinds.items()
    }


def measured(clock: Clock) -> Story[None]:
    """Let the database know how large its tables have become; by itself it looks only at what is committed."""
    for days in MEASURED:
        yield clock.at(days, 5)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _tell_the_desks(clock: Clock) -> None:
    """Tell people inside the office of the last days, as the worker would have done."""
    for _deliveries, events in OUTBOXES[:2]:
        for event in events._default_manager.filter(at__gte=clock.at(NEWS_OF_DAYS, 0)).select_related(
            "document"
        ):
            notify_about(event)
    tell_what_is_due()


def _mark_announced() -> None:
    """Mark the past's mail as sent: the customers of the demo know, and no worker sends a year of mail."""
    for deliveries, events in OUTBOXES:
        at = Subquery(events._default_manager.filter(pk=OuterRef("event_id")).values("at"))
        deliveries._default_manager.filter(sent_at=None).update(sent_at=at, attempts=F("attempts") + 1)


def summary() -> Counter[str]:
    """Return how many there are of what the demo is made of, by its name."""
    return Counter(
        {
            str(model._meta.verbose_name_plural): model._default_manager.count()
            for model in (Product, Customer, *DOCUMENTS)
        }
    )
