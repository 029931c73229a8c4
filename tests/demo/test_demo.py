"""The demo company moves in once, holds together, and moves out leaving nothing and nobody behind."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from shutil import copytree
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils import timezone
from stdnum import ean

from customers.address_rules import wrong_parts
from customers.models import Address, CreditAccount, CreditProposal, Customer
from customers.services.restricting import closed_to
from fulfillment.models import Shipment, ShipmentEvent, TrackingEvent
from fulfillment.services.keeping import Period, kept_by_warehouses
from fulfillment.status import NEXT_OF_SHIPMENT
from inventory.models import (
    Location,
    Product,
    ProductUnit,
    PurchaseOrder,
    PurchaseOrderLine,
    RestockAlert,
    StockCount,
    StockLevel,
    StockMovement,
    Transfer,
    TransferLine,
)
from inventory.status import NEXT_OF_PURCHASE, CountStatus
from oms.access import matrix
from oms.company import business_day
from oms.demo import removing
from oms.demo.catalogue import BOOK, RESTRICTED, RESTRICTED_TO
from oms.demo.files import only_if_all_goes_well
from oms.demo.people import demo_users
from oms.demo.taxes import NOTES
from oms.demo.words import MACHINE_ROLES, PASSWORD
from oms.importing.jobs import resource_of
from oms.importing.keeping import fetched
from oms.legal import is_valid_tax_number
from oms.models import Company, Currency, ImportJob, ImportStatus, Notice, User
from oms.uploads import JPEG, PDF
from oms.verify import breaches
from orders.models import (
    ApprovalRequest,
    ApprovalStep,
    Attachment,
    CallOff,
    CallOffSchedule,
    Hold,
    InternalNote,
    Order,
    OrderDelivery,
    OrderEvent,
    OrderLine,
    Promise,
    Quote,
    QuoteLink,
    QuoteVersion,
)
from orders.services.attaching import read_attachment
from orders.services.capturing import Header, enter_order
from orders.services.expecting import broken_by
from orders.services.exposing import exposure_of
from orders.services.pricing import Buyer, price_lines
from orders.services.scheduling import progress_of
from orders.status import (
    NEXT_OF_ORDER,
    NEXT_OF_QUOTE,
    NEXT_OF_REQUEST,
    CallOffStatus,
    Deciding,
    HoldKind,
    OrderStatus,
    PromiseCause,
    QuoteStatus,
    RequestStatus,
)
from tests.builders import a_line, a_user
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db  # the module's transaction lies around those of its tests

BUSINESS = ("inventory", "customers", "orders", "fulfillment")


def demo(*options: str) -> str:
    said = StringIO()
    call_command("demo", *options, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module", autouse=True)
def files(tmp_path_factory) -> Iterator[Path]:
    """Where the demo keeps its files, before it is loaded."""
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder / "attachments"


loaded = shared_by_the_module(demo)


@pytest.fixture(autouse=True)
def house(loaded: str, db: None) -> str:
    """The loaded demo; what a test does to it is undone."""
    return loaded


def statuses(model: type) -> set[str]:
    return set(model.objects.order_by().values_list("status", flat=True).distinct())


def digest() -> str:
    """A hash of all numbers, states, totals and stock, wherever the sequences of ids stand."""
    rows = [
        list(Order.objects.order_by("number").values_list("number", "status", "customer__code", "total")),
        list(Quote.objects.order_by("number").values_list("number", "status", "valid_until")),
        list(Shipment.objects.order_by("number").values_list("number", "status", "order__number")),
        list(PurchaseOrder.objects.order_by("number").values_list("number", "status")),
        list(Transfer.objects.order_by("number").values_list("number", "status", "source__code", "target__code")),
        list(OrderLine.objects.order_by("order__number", "position").values_list("product__sku", "open", "shipped")),
        list(
            StockLevel.objects.order_by("product__sku", "warehouse__code").values_list("on_hand", "allocated")
        ),
        OrderEvent.objects.count(), ShipmentEvent.objects.count(), TrackingEvent.objects.count(),
        RestockAlert.objects.count(),
    ]  # fmt: skip
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_most_promises_were_kept_some_were_not_and_a_late_purchase_breaks_one(house):
    today = business_day()
    everyone = User(is_superuser=True)
    kept = kept_by_warehouses(everyone, Period(today - timedelta(days=365), today))
    assert len(kept) == 3
    assert all(60 <= site.percent < 100 for site in kept)
    assert sum(broken_by([order.pk for order in PurchaseOrder.objects.overdue()]).values()) > 0
    assert Promise.objects.filter(cause=PromiseCause.LATE).exists()


def test_the_house_is_as_large_as_it_should_be(house):
    assert "425 products, 60 customers" in house
    assert Product.objects.count() >= 380
    assert Customer.objects.count() == 60
    places = Location.objects.values_list("warehouse__code", "kind")
    assert len({code for code, _kind in places}) == 3
    assert all(
        [code for code, kind in places if kind in {"pick", "reserve"}].count(site) == 60
        for site, _k in places
    )
    assert Order.objects.count() + Quote.objects.count() >= 200


@pytest.mark.parametrize(
    ("model", "moves"),
    [
        (Quote, NEXT_OF_QUOTE), (Order, NEXT_OF_ORDER), (Shipment, NEXT_OF_SHIPMENT), (PurchaseOrder, NEXT_OF_PURCHASE),
        (ApprovalRequest, NEXT_OF_REQUEST),
    ],
)  # fmt: skip
def test_there_is_a_document_in_every_state_of_every_table_of_moves(model, moves):
    assert statuses(model) == set(moves)


def test_there_is_something_of_everything_a_desk_shows():
    assert set(Hold.objects.open().values_list("kind", flat=True)) == set(HoldKind.values)
    assert statuses(StockCount) == set(CountStatus.values)
    assert RestockAlert.objects.open().exists()
    assert RestockAlert.objects.exclude(closed_at=None).exists()
    backordered = Order.objects.backordered()
    assert backordered.filter(lines__allocated__gt=0).exists()
    assert backordered.exclude(lines__allocated__gt=0).exclude(lines__shipped__gt=0).exists()
    in_part = ApprovalStep.objects.filter(request__status=RequestStatus.PENDING)
    assert set(in_part.values_list("status", flat=True)) == {RequestStatus.PENDING, RequestStatus.APPROVED}
    open_lines = PurchaseOrder.objects.filter(status="open", lines__due__gt=0)
    today = business_day()
    assert open_lines.filter(lines__expected_on__lt=today).exists()
    assert open_lines.filter(lines__expected_on__gt=today).exists()
    assert open_lines.filter(lines__received__gt=0).exists()
    assert open_lines.filter(lines__confirmed=None).exists()
    assert open_lines.filter(lines__confirmed_on__gt=F("lines__expected_on")).exists()
    assert PurchaseOrderLine.objects.supply().count() > open_lines.filter(lines__confirmed=None).count()
    assert Order.objects.ready_to_release().exists()
    countered = Quote.objects.get(versions__counter_offers__isnull=False)
    assert countered.status == QuoteStatus.SENT
    assert InternalNote.objects.filter(quote=countered).exists()
    shared = QuoteVersion.objects.get(deciding=Deciding.IN_ORDER)
    assert (shared.deciders.count(), shared.consents.count(), shared.quote.status) == (2, 1, QuoteStatus.SENT)


def test_files_and_notes_lie_beside_documents_and_sent_quotes_have_their_links(files):
    kept = list(Attachment.objects.all())
    assert {one.media_type for one in kept} == {PDF, JPEG}
    assert all(read_attachment(one) for one in kept)
    assert all(one.name == f"PO {one.order.customer_po}.pdf" for one in kept if one.media_type == PDF)
    assert {path.name for path in files.iterdir()} >= {Path(one.path).name for one in kept}
    by_hand = Hold.objects.open().filter(kind=HoldKind.MANUAL).values("order")
    assert not Order.objects.filter(pk__in=by_hand, internalnote=None).exists()
    assert QuoteLink.objects.alive().filter(version__quote__status=QuoteStatus.SENT).count() > 5


def test_a_file_of_agreements_is_right_and_waits_to_be_decided_on():
    job = ImportJob.objects.get()
    kept = {"stored": job.stored, "sha256": job.sha256, "name": job.name, "encoding": job.encoding}
    with fetched(kept) as upload:
        outcome = resource_of(job)(by=job.by).preview(upload, by=job.by)

    assert (job.status, job.by.username) == (ImportStatus.WAITING, "karin.lorenz")
    assert (outcome.new, outcome.changed, outcome.same) == (4, 0, 0)


def test_no_file_stays_of_a_demo_that_could_not_be_loaded(files):
    path = default_storage.save("attachments/half", ContentFile(b"half"))
    house = SimpleNamespace(files=[path])

    with pytest.raises(ZeroDivisionError), only_if_all_goes_well(house):
        raise ZeroDivisionError

    assert not default_storage.exists(path)


def test_one_product_is_sold_to_a_group_and_one_customer_only():
    product = Product.objects.get(sku=RESTRICTED)
    trade, named = Customer.objects.get(code="C1008"), Customer.objects.get(code=RESTRICTED_TO)

    assert str(closed_to(trade.pk, [product.pk])[product.pk]) == "Gold and 1 customer"
    assert not closed_to(named.pk, [product.pk])


def test_every_gtin_is_valid():
    gtins = ProductUnit.objects.exclude(gtin=None).values_list("gtin", flat=True)

    assert len(gtins) > 800
    assert [gtin for gtin in gtins if not ean.is_valid(gtin)] == []


def test_every_tax_number_and_address_is_what_its_country_wants():
    owners = [Company.objects.get(), *Customer.objects.all()]
    assert all("999" in owner.vat_number and is_valid_tax_number(owner.vat_number) for owner in owners)
    assert len({owner.vat_number for owner in owners}) == len(owners)
    for address in Address.objects.all():
        parts = {name: getattr(address, name) for name in ("country", "postal_code", "region")}
        assert not wrong_parts(**parts), address


def test_one_order_waits_for_credit_one_customer_is_near_the_limit_and_one_is_overdue():
    accounts = list(CreditAccount.objects.select_related("currency"))
    exposures = [exposure_of(account) for account in accounts]

    assert max(one.used_percent // 10 for one in exposures if one.limit) == 9
    assert [one.overdue_for for one in exposures if one.is_overdue] == [47]
    assert [account.credit_limit for account in accounts].count(None) == 1
    assert Hold.objects.open().filter(kind=HoldKind.CREDIT).count() == 1
    assert CreditProposal.objects.waiting_for(User.objects.get(username="claudia.brandt")).count() == 1


def test_every_role_has_people_and_nobody_is_a_superuser():
    with_people = set(demo_users().values_list("groups__name", flat=True))

    assert with_people == set(matrix()["roles"])
    assert not demo_users().filter(is_superuser=True).exists()
    machines = demo_users().filter(groups__name__in=MACHINE_ROLES)
    assert not any(machine.has_usable_password() for machine in machines)
    assert all(
        user.is_staff and user.check_password(PASSWORD) for user in demo_users().exclude(pk__in=machines)[:2]
    )


def test_the_logins_are_one_per_role():
    lines = demo("--logins").splitlines()

    assert len(lines) == 1 + len(matrix()["roles"])
    assert f"Sales rep             anna.berg         {PASSWORD}" in lines


def test_the_history_lies_in_the_past_year_and_owes_nobody_mail():
    moments = OrderEvent.objects.order_by("at").values_list("at", flat=True)

    assert (timezone.now() - moments[0]).days > 300
    assert moments.last() <= timezone.now()
    assert (timezone.now() - StockMovement.objects.earliest("at").at).days > 300
    for order in Order.objects.prefetch_related("events"):
        told = [event.at for event in order.events.all()]
        assert told == sorted(told), order
    assert not OrderDelivery.objects.filter(sent_at=None).exists()


def test_nothing_that_must_never_be_is_there():
    assert list(breaches()) == []


def test_the_story_of_the_guide_can_be_told():
    """docs/demo.md names these; if they change, it must too."""
    kern = Customer.objects.get(code="C1001")
    anna = User.objects.get(username="anna.berg")
    assert kern in Customer.objects.visible_to(anna)
    assert kern.po_required

    bolts, screws, gone = (
        Product.objects.get(sku=sku) for sku in ("HB933-M12X50", "SC912-M5X20-A2", "HB933-M16X80")
    )
    lines = [a_line(bolts, 1000), a_line(screws, 500), a_line(gone, 200)]
    priced = price_lines(Buyer(kern, kern.currency, business_day()), lines)
    assert [(line.trace["list"], str(line.unit_price)) for line in priced] == [
        ("CONTRACT-C1001", "41.040000"), ("CONTRACT-C1001", "11.230000"), ("GROUP-GOLD", "57.810000"),
    ]  # fmt: skip
    there = dict(StockLevel.objects.filter(warehouse__code="HAM").values_list("product__sku", "available"))
    assert there["HB933-M12X50"] >= 1000
    assert there["SC912-M5X20-A2"] >= 500
    assert there["HB933-M16X80"] == 0


def test_the_bell_rings_for_those_whom_the_guide_names():
    told = Notice.objects.filter(read_at=None).values_list("user__username", "what")

    assert {("karin.lorenz", "asks"), ("jonas.peters", "held")} <= set(told)


def test_a_second_call_changes_nothing():
    before = digest()

    assert "is here already" in demo()

    assert digest() == before


def test_it_is_not_removed_while_a_document_of_somebody_else_exists():
    before = digest()
    product, customer = Product.objects.get(sku="HB933-M12X50"), Customer.objects.get(code="C1001")
    order = enter_order(Header(customer.pk), [a_line(product, 100)], by=None)

    with pytest.raises(CommandError, match=order.number):
        demo("--remove")
    with pytest.raises(CommandError, match=order.number):
        demo("--reset")

    assert Order.objects.filter(pk=order.pk).exists()
    assert digest() != before


@pytest.mark.parametrize("model", [Customer, Product])
def test_it_is_not_removed_while_something_exists_that_it_never_had(model):
    if model is Product:
        Product.objects.create(sku="OURS-1", name="Ours")
    else:
        template = Customer.objects.get(code="C1001")
        template.pk, template.code, template.name, template.credit_account = None, "OURS-1", "OURS-1", None
        template.save()

    with pytest.raises(CommandError, match="OURS-1"):
        demo("--remove")


def test_what_somebody_tried_with_a_demo_login_goes_with_the_demo():
    product, customer = Product.objects.get(sku="HB933-M12X50"), Customer.objects.get(code="C1001")
    enter_order(Header(customer.pk), [a_line(product, 100)], by=User.objects.get(username="anna.berg"))

    assert not any(rows.exists() for rows in removing.foreign())


def test_removed_it_leaves_no_row_behind():
    somebody = a_user(username="somebody.else", email="somebody@example.com")

    assert "has moved out" in demo("--remove")

    left = [
        m.__name__
        for label in BUSINESS
        for m in apps.get_app_config(label).get_models()
        if m.objects.exists()
    ]
    assert left == []
    assert not demo_users().exists()
    assert not Company.objects.exists()
    assert not Currency.objects.exists()
    assert User.objects.filter(pk=somebody.pk).exists()
    assert demo("--logins") == ""


def test_its_files_go_with_it(files, tmp_path, settings, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path  # the other tests keep theirs
    for folder in ("attachments", "imports"):
        copytree(files.parent / folder, tmp_path / folder)
    with django_capture_on_commit_callbacks(execute=True):
        demo("--remove")

    assert list(files.iterdir())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.soak
def test_loaded_again_it_is_the_same():
    before = digest()

    said = demo("--reset")

    assert "has moved out" in said
    assert "has moved in" in said
    assert digest() == before


def test_it_moves_only_into_an_empty_house():
    demo("--remove")
    Product.objects.create(sku="OURS-1", name="Ours")

    with pytest.raises(CommandError, match="products"):
        demo()

    assert not demo_users().exists()


def test_its_password_being_public_it_is_not_loaded_in_production(settings):
    demo("--remove")
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="OMS_DEMO=1"):
        demo()


def test_numbers_begin_anew_when_no_document_bears_one():
    demo("--remove")

    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('orders_order_number')")
        assert cursor.fetchone() == (1001,)


def test_two_agreements_are_called_off_some_shipped_some_to_come():
    for schedule in CallOffSchedule.objects.all():
        states = [one.status for one in progress_of(schedule.agreement_id).values()]
        assert {
            CallOffStatus.PLANNED,
            CallOffStatus.ORDERED,
            CallOffStatus.SHIPPED,
            CallOffStatus.SKIPPED,
        } == set(states)
    assert CallOffSchedule.objects.count() == 2
    assert not CallOff.objects.stuck().exists()


def test_one_transfer_is_on_the_road_and_one_is_planned():
    assert list(Transfer.objects.order_by("number").values_list("status", flat=True)) == [
        "dispatched",
        "planned",
    ]
    on_the_road = TransferLine.objects.filter(in_transit__gt=0)
    assert set(on_the_road.values_list("transfer__target__code", flat=True)) == {"LEJ"}


def test_goods_are_taxed_where_they_go_and_small_orders_pay_their_freight():
    kern = Order.objects.filter(customer__code="C1001", status=OrderStatus.CLOSED).first()
    assert {row.percent for row in kern.taxes.all()} == {19}
    assert kern.total == kern.goods - kern.discount + kern.charges + kern.tax
    assert Order.objects.filter(lines__product__sku=BOOK, taxes__percent=7).exists()
    assert set(Order.objects.exclude(ship_to__country="DE").values_list("tax", flat=True)) == {0}
    told = set(Order.objects.exclude(tax_note="").values_list("tax_note", flat=True))
    assert told == set(NOTES.values())
    assert Order.objects.filter(charged__kind__code="FREIGHT", charged__tax_percent=19).count() > 10
