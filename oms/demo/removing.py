"""The demo company moves out: all business tables are emptied, if nobody else's work is in them."""

from collections.abc import Iterator
from functools import partial
from itertools import chain

from django.apps import apps
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from customers.models import Customer
from inventory.models import Product, PurchaseOrder, Supplier, Transfer, Warehouse
from oms.demo.buyers import BUYERS
from oms.demo.families_more import all_items
from oms.demo.files import delete_files
from oms.demo.loading import restart_numbers
from oms.demo.people import demo_users
from oms.demo.taxes import remove_taxes
from oms.demo.words import COMPANY, CURRENCIES, SITES, SUPPLIERS
from oms.errors import Refused
from oms.models import ApiClient, Company, Currency, IdempotencyKey, ImportedFile, ImportJob, Notice
from orders.models import Attachment, CallOffOrder, Order, Quote

BUSINESS = ("inventory", "customers", "orders", "fulfillment")
MOST_NAMED = 5


class NotOnlyTheDemo(Refused):
    """Somebody else's work would go with the demo."""

    code = "not_only_the_demo"


@transaction.atomic
def remove() -> None:
    """Empty all business tables and remove the demo's files and logins; other logins, roles and settings stay.

    Raise NotOnlyTheDemo when a document exists that no demo login made or planned, or a customer, product, supplier or
    warehouse that is not the demo's; then nothing has changed.
    """
    _require_only_the_demo()
    transaction.on_commit(partial(delete_files, _files()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {', '.join(_tables())} RESTART IDENTITY")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    restart_numbers()
    ApiClient.objects.filter(user__in=demo_users()).delete()
    demo_users().delete()
    remove_taxes()
    Company.objects.filter(name=COMPANY["name"]).delete()
    used = Company.objects.values("currency")
    Currency.objects.filter(code__in=[code for code, _name in CURRENCIES]).exclude(pk__in=used).delete()


def _files() -> list[str]:
    """Return where all files are that go: what lies beside documents, and what was handed in to be imported."""
    handed_in = ImportJob.objects.values_list("stored", "errors")
    return [*Attachment.objects.values_list("path", flat=True), *filter(None, chain.from_iterable(handed_in))]


def _tables() -> Iterator[str]:
    """Yield every table of the business, those of many-to-many relations too."""
    of_apps: list[type[models.Model]] = [
        model
        for label in BUSINESS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    of_apps += [IdempotencyKey, ImportedFile, ImportJob, Notice]
    for model in of_apps:
        yield connection.ops.quote_name(model._meta.db_table)


def _require_only_the_demo() -> None:
    found = [str(row) for rows in foreign() for row in rows[:MOST_NAMED]]
    if found:
        raise NotOnlyTheDemo(
            _(
                "Not the demo's own: %(names)s. Removing the demo empties all tables; "
                "remove these first, or begin with an empty database."
            )
            % {"names": "; ".join(found[:MOST_NAMED])}
        )


def foreign() -> Iterator[models.QuerySet[models.Model]]:
    """Yield what is not the demo's: documents of other people, and what the demo never had."""
    for document in (PurchaseOrder, Transfer, Quote):
        yield document._default_manager.exclude(created_by__in=demo_users())
    called = CallOffOrder.objects.filter(call_off__planned_by__in=demo_users(), order__created_by=None)
    yield Order.objects.exclude(created_by__in=demo_users()).exclude(pk__in=called.values("order"))
    yield Customer.objects.exclude(code__in=[buyer.code for buyer in BUYERS])
    yield Product.objects.exclude(sku__in=[item.sku for item in all_items()])
    yield Supplier.objects.exclude(code__in=[row[0] for row in SUPPLIERS])
    yield Warehouse.objects.exclude(code__in=[site.code for site in SITES])
