"""What home shows about stock, supply and the catalogue."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.models import (
    CountSheet,
    Product,
    PurchaseOrder,
    PurchaseOrderLine,
    RestockAlert,
    StockAdjustment,
    StockCount,
    Transfer,
    Warehouse,
)
from inventory.status import CountStatus, PurchaseStatus, TransferStatus
from inventory.templatetags.quantities import as_sold
from oms import home
from oms.company import business_day
from oms.home import Act, Card, Row, Section, Step, Tone
from oms.models import User
from oms.navigation import address

SOON = timedelta(days=7)


@home.acts("inventory.add_purchaseorder", order=3)
def start_purchase(user: User) -> Iterator[Act]:
    if url := address("admin:inventory_purchaseorder_add"):
        yield Act(_("New purchase order"), url, "b")


@home.acts("inventory.receive_stock", order=3)
def start_receiving(user: User) -> Iterator[Act]:
    if url := address("admin:inventory_purchaseorder_receiving"):
        yield Act(_("Receive stock"), url, "e")


@home.cards("inventory.view_reorderpolicy", order=Section.SUPPLY)
def alerts(user: User) -> Iterator[Card]:
    low = RestockAlert.objects.visible_to(user).open()
    emptiest = F("on_hand") * 100 / (F("reorder_point") + 1)
    rows = (
        low.select_related("product", "warehouse").prefetch_related("product__units").order_by(emptiest, "pk")
    )
    yield Card(
        _("Restock alerts"),
        low.count(),
        _("products run low"),
        address("admin:inventory_restockalert_changelist"),
        Tone.DUE,
        home.shown(rows, _alert),
        empty=_("All stock is above its level."),
    )


def _alert(alert: RestockAlert) -> Row:
    here, suggested = (as_sold(base, alert.product) for base in (alert.on_hand, alert.suggested))
    buy = _("buy %(quantity)s") % {"quantity": suggested} if alert.suggested else _("hurry the supply")
    return Row(
        f"{alert.product.sku} {alert.warehouse.code}",
        address("admin:inventory_restockalert_change", alert.pk),
        _("%(here)s on hand, %(buy)s") % {"here": here, "buy": buy},
        Tone.DUE if alert.suggested else Tone.CALM,
    )


@home.cards("inventory.view_purchaseorder", order=Section.SUPPLY)
def purchases_due(user: User) -> Iterator[Card]:
    """What suppliers owe us this week, for those who buy it or take it in."""
    if not (user.has_perm("inventory.add_purchaseorder") or user.has_perm("inventory.receive_stock")):
        return
    today = business_day()
    open_orders = PurchaseOrder.objects.visible_to(user).filter(status=PurchaseStatus.OPEN)
    due = PurchaseOrderLine.objects.filter(
        purchase_order__in=open_orders, due__gt=0, due_on__lte=today + SOON
    )
    late = due.filter(due_on__lt=today).count()
    rows = due.select_related("purchase_order__supplier", "product").order_by("due_on", "pk")
    yield Card(
        _("Purchases due in 7 days"),
        due.count(),
        _("lines, %(late)d late") % {"late": late} if late else _("lines, none late"),
        address("admin:inventory_purchaseorder_changelist"),
        Tone.LATE if late else Tone.CALM,
        tuple(_due(line, is_late=line.due_on < today) for line in rows[: home.MOST_ROWS]),
        empty=_("No supply is due this week."),
    )


def _due(line: PurchaseOrderLine, *, is_late: bool) -> Row:
    day = date_format(line.due_on, "DATE_FORMAT")
    return Row(
        f"{line.purchase_order.number} {line.product.sku}",
        address("admin:inventory_purchaseorder_change", line.purchase_order_id),
        _("late, was due %(day)s") % {"day": day} if is_late else _("due %(day)s") % {"day": day},
        Tone.LATE if is_late else Tone.CALM,
    )


@home.acts("inventory.add_transfer", order=4)
def start_transfer(user: User) -> Iterator[Act]:
    if url := address("admin:inventory_transfer_add"):
        yield Act(_("New transfer"), url)


@home.cards("inventory.view_transfer", order=Section.WAREHOUSE)
def transfers_to_work_on(user: User) -> Iterator[Card]:
    """What the own warehouses have to send off or take in, soonest first."""
    if not (user.has_perm("inventory.dispatch_transfer") or user.has_perm("inventory.receive_transfer")):
        return
    own = Warehouse.objects.worked_by(user)
    here = Transfer.objects.visible_to(user).under_way().filter(Q(source__in=own) | Q(target__in=own))
    late = here.overdue().count()
    rows = here.select_related("source", "target").order_by("arrive_on", "pk")
    yield Card(
        _("Transfers under way"),
        here.count(),
        _("transfers, %(late)d late") % {"late": late} if late else _("transfers, none late"),
        f"{address('admin:inventory_transfer_changelist')}?days=open",
        Tone.LATE if late else Tone.CALM,
        home.shown(rows, partial(_transfer, today=business_day())),
        empty=_("Nothing goes from one warehouse to another."),
    )


def _transfer(transfer: Transfer, today: date) -> Row:
    day = transfer.ship_on if transfer.status == TransferStatus.PLANNED else transfer.arrive_on
    word = _("leaves %(day)s") if transfer.status == TransferStatus.PLANNED else _("arrives %(day)s")
    return Row(
        f"{transfer.number} {transfer.source.code} → {transfer.target.code}",
        address("admin:inventory_transfer_change", transfer.pk),
        word % {"day": date_format(day, "DATE_FORMAT")},
        Tone.LATE if day < today else Tone.CALM,
    )


@home.cards("inventory.finish_count", order=Section.WAREHOUSE)
def open_counts(user: User) -> Iterator[Card]:
    waiting = StockCount.objects.visible_to(user).filter(status=CountStatus.OPEN)
    rows = (
        waiting.select_related("location__warehouse", "product")
        .prefetch_related("product__units")
        .order_by("pk")
    )
    yield Card(
        _("Bins to count"),
        (n := waiting.count()),
        ngettext("count is open", "counts are open", n),
        f"{address('admin:inventory_stockcount_changelist')}?status__exact={CountStatus.OPEN.value}",
        Tone.DUE,
        home.shown(rows, _count),
        empty=_("No bin waits to be counted."),
    )


def _count(count: StockCount) -> Row:
    return Row(
        f"{count.location} {count.product.sku}",
        address("admin:inventory_stockcount_change", count.pk),
        _("%(missing)s missing") % {"missing": as_sold(count.missing, count.product)},
    )


@home.cards("inventory.decide_stockadjustment", order=Section.WAREHOUSE)
def differences(user: User) -> Iterator[Card]:
    waiting = StockAdjustment.objects.visible_to(user).waiting().exclude(proposed_by=user)
    yield Card(
        _("Adjustments to decide"),
        waiting.count(),
        _("differences wait"),
        address("admin:inventory_stockadjustment_inbox"),
        Tone.DUE,
        home.shown(waiting.select_related("location__warehouse", "product", "proposed_by"), _difference),
        empty=_("No difference waits for you."),
    )


def _difference(one: StockAdjustment) -> Row:
    return Row(
        f"{one.difference:+d} {one.product.sku} {one.location}",
        f"{address('admin:inventory_stockadjustment_inbox')}#adjustment-{one.pk}",
        f"{one.get_reason_display()}, {one.proposed_by}",
    )


@home.cards("inventory.count_stock", order=Section.WAREHOUSE)
def sheets_to_count(user: User) -> Iterator[Card]:
    sheets = CountSheet.objects.visible_to(user).open()
    yield Card(
        _("Count sheets"),
        sheets.count(),
        _("are open"),
        address("admin:inventory_countsheet_changelist"),
        Tone.CALM,
        home.shown(sheets.select_related("warehouse").order_by("pk"), _sheet),
        empty=_("No sheet is open."),
    )


def _sheet(sheet: CountSheet) -> Row:
    told = f"{sheet.warehouse} {sheet.note}".strip()
    return Row(f"{sheet.number}", address("admin:inventory_countsheet_count", sheet.pk), told)


@home.steps("oms.change_company", order=2)
def set_up(user: User) -> Iterator[Step]:
    yield Step(
        _("A warehouse with its bins"),
        Warehouse.objects.filter(locations__isnull=False).exists(),
        address("admin:inventory_warehouse_changelist"),
    )
    yield Step(_("Products"), Product.objects.exists(), address("admin:inventory_product_changelist"))
