"""A house in which every kind of document stands in every state, made by the services alone."""

from datetime import timedelta
from decimal import Decimal
from tempfile import TemporaryDirectory

from django.test import override_settings
from django.utils import timezone

from customers.models import Agreement, RestrictedSale
from customers.services.agreeing import (
    Terms,
    draft_agreement,
    drop_agreement,
    end_agreement,
    propose_agreement,
    put_agreement_in_force,
    redraft_agreement,
    renew_agreement,
)
from customers.services.credit_proposals import put_credit_in_force, turn_down_credit
from customers.services.crediting import Grant, Told, grant_credit, tell_credit
from fulfillment.models import Carrier
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import cancel_released_order, hand_over, ship_shipment, void_shipment
from fulfillment.services.tracking import apply_news, deliver_shipment, record_tracking_numbers
from fulfillment.status import CarrierKind, ShortReason, TrackingStatus
from fulfillment.tracking import News
from inventory.models import ClosingDay, ReorderPolicy, StockCount, Substitute, Supplier, TransitTime
from inventory.services.adjusting import (
    Difference,
    Why,
    approve_adjustments,
    propose_adjustments,
    reject_adjustments,
)
from inventory.services.counting import finish_count
from inventory.services.moving import Cause, adjust_stock, move_stock
from inventory.services.purchasing import (
    Expected,
    cancel_purchase_order,
    place_purchase_order,
)
from inventory.services.putting_away import Put, put_away
from inventory.services.quarantining import quarantine_stock, release_from_quarantine
from inventory.services.receiving import Delivery, receive_purchase_order, take_back_receipt
from inventory.services.sheets import Choice, close_count_sheet, enter_count, open_count_sheet
from inventory.services.suppliers_answers import Answer, confirm_purchase_order, redate_purchase_lines
from inventory.services.transferring import (
    cancel_transfer,
    declare_lost,
    dispatch_transfer,
    receive_transfer,
    take_back_transfer,
)
from inventory.status import AdjustmentReason
from oms.demo.clock import tell_the_database
from oms.models import ImportJob
from oms.uploads import Upload
from orders.discounts import DocumentDiscount
from orders.models import ApprovalRequest, CallOff, Decider, HoldPolicy
from orders.services.allocating import serve_backorders
from orders.services.answering import Answer as Said
from orders.services.answering import answer_by_link, make_link, revoke_links
from orders.services.approving import decide
from orders.services.attaching import attach, write_note
from orders.services.calling_off import call_off
from orders.services.cancelling import cancel_order, close_order
from orders.services.capturing import Header, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.crediting import release_credit
from orders.services.deciding import Person, set_deciders
from orders.services.drafting import Edit, HeaderChange, edit_order
from orders.services.following import make_order_link, revoke_order_links
from orders.services.holding import hold_order, let_go_on
from orders.services.issuing import issue_proforma, issue_quote
from orders.services.meeting import CounterReply, answer_counter
from orders.services.merging import merge_customers
from orders.services.negotiating import Counter, Wanted, counter_by_link
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    cancel_quote,
    decline_quote,
    draft_quote,
    expire_quotes,
    follow_up_quote,
    revise_quote,
    send_quote,
)
from orders.services.restocking import raise_restock_alerts
from orders.services.scheduling import Portions, plan_call_offs, skip_call_off
from orders.services.submitting import submit_order, take_back_order
from orders.status import Deciding, Verdict
from tests.builders import (
    a_charge_kind,
    a_company,
    a_confirmed_order,
    a_credit_account,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_product,
    a_rule,
    a_shipment,
    a_stock,
    a_submitted_order,
    a_tax_class,
    a_tax_rate,
    a_tax_zone,
    a_transfer,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    agreed_widely,
    all_packed,
    all_picked,
    an_agreement,
    an_order,
    in_days,
)


class World:
    """Who works in the house, and what they work with."""

    def __init__(self) -> None:
        a_company()
        self.north, self.south = a_warehouse("NORTH", bins=3), a_warehouse("SOUTH", bins=2)
        self.bins = list(self.north.locations.order_by("walk_order"))
        self.managers, self.finance = a_group("managers"), a_group("finance")
        self.rep, self.picker = a_user(username="rep"), a_user(username="picker")
        self.manager = a_user(username="manager", groups=[self.managers])
        self.controller = a_user(username="controller", groups=[self.finance])
        self.parent = a_customer("Kern Holding")
        self.customer = a_customer("Kern AG", parent=self.parent)
        self.customer.events.create(kind="handed_over", detail="to another rep")
        self.bolts = a_product("BOLT-M8", on_hand=500, at=self.bins[0], price="0.42")
        self.nuts = a_product("NUT-M8", on_hand=12, at=self.bins[0], price="0.1234")
        self.cable = a_product("CABLE-3X1", on_hand=7000, at=self.bins[1], price="0.003")
        self.rare = a_product("RARE-1", price="1200")
        self.box = a_unit(self.bolts, "CT", numerator=100)
        a_price(self.bolts, "38", unit=self.box)
        a_price(self.bolts, "0.40", min_quantity=200)
        a_price(
            self.bolts,
            "0.39",
            min_quantity=200,
            valid_from=in_days(-90),
            valid_to=in_days(-30),
            unit=self.box,
        )
        a_rule(threshold=1000, approvers=self.managers)


def a_busy_house() -> World:
    """Everything that the services can do has been done at least once."""
    world = World()
    _stock(world)
    _counts(world)
    _quotes(world)
    _approvals(world)
    _orders(world)
    _warehouse(world)
    _road(world)
    _transfers(world)
    _agreements(world)
    _taxes(world)
    _credit(world)
    ImportJob.objects.create(kind="products", name="p.csv", stored="p.csv", sha256="0" * 64, by=world.rep)
    raise_restock_alerts()
    _past(world)
    return world


def _past(world: World) -> None:
    """All was done in one transaction, so in one moment; what comes now is of other moments, as it is of other days."""
    order = a_submitted_order({world.cable: 2, world.nuts: 3}, customer=world.customer, by=world.rep)
    quote = draft_quote(Header(world.customer.pk), [a_line(world.bolts, 10)], by=world.rep)
    tell_the_database(timezone.now().isoformat())
    send_quote(quote.pk, by=world.rep)
    confirm_order(order.pk, by=world.rep)
    hold_order(order.pk, by=world.manager, reason="wait")
    tell_the_database(timezone.now().isoformat())
    let_go_on(order.pk, by=world.manager)
    tell_the_database("")


def _credit(world: World) -> None:
    """One order waits for credit, one was released and confirmed, one was cancelled meanwhile."""
    buyer = a_customer("Baltic Trade")
    a_customer("Baltic Shop", parent=buyer)
    account = a_credit_account(buyer, 5, told=Told(in_days(-3), Decimal(4)))
    a_credit_account(a_customer("Cash & Carry"), 0, horizon_days=7)
    grant_credit(account.pk, Grant(Decimal(9), Decimal(5)), by=world.rep, note="asked for more")
    put_credit_in_force(account.proposals.get().pk, by=world.manager)
    grant_credit(account.pk, Grant(Decimal(8)), by=world.manager, note="pays late")
    for _each in range(2):
        grant_credit(account.pk, Grant(Decimal(10)), by=world.manager)
        turn_down_credit(account.proposals.waiting().get().pk, by=world.rep, note="pays late")
    grant_credit(account.pk, Grant(Decimal(11)), by=world.manager)
    tell_credit(
        [
            (
                account.pk,
                Told(in_days(-2), Decimal(9), Decimal(1), overdue=Decimal(2), overdue_since=in_days(-9)),
            )
        ],
        by=None,
    )
    waits, released, gone = (
        confirm_order(a_submitted_order({world.bolts: 40}, customer=buyer, by=world.rep).pk, by=world.rep).pk
        for _each in range(3)
    )
    release_credit(released, by=world.controller, reason="pays on Monday")
    confirm_order(released, by=world.rep)
    cancel_order(gone, by=world.rep)
    confirm_order(waits, by=world.rep)


def _stock(world: World) -> None:
    supplier = Supplier.objects.create(code="S1", name="Stahl & Söhne")
    for product in (world.nuts, world.rare, world.cable):
        ReorderPolicy.objects.create(
            product=product, warehouse=world.north, reorder_point=50, order_up_to=200
        )
    ClosingDay.objects.create(warehouse=world.north, day=in_days(3), note="stock-taking")
    TransitTime.objects.create(warehouse=world.north, country="AT", region="Tirol", days=3)
    Substitute.objects.create(product=world.rare, substitute=world.nuts)
    lines = [Expected(world.nuts.pk, 40, in_days(7)), Expected(world.rare.pk, 5, in_days(9))]
    part, whole, gone = (
        place_purchase_order(supplier, world.north, lines, by=world.picker) for _i in range(3)
    )
    first = part.lines.first()
    receive_purchase_order(part.pk, {first.pk: 10}, by=world.picker)
    receive_purchase_order(whole.pk, {line.pk: line.ordered for line in whole.lines.all()}, by=world.picker)
    cancel_purchase_order(gone.pk, by=world.picker)
    _deliveries(world)
    move_stock({world.bolts.pk: 100}, world.bins[0], world.bins[2], Cause("MOVE-1", world.picker))
    adjust_stock(world.bolts.pk, world.bins[0], -3, Cause("BY-HAND-1", world.picker, "broken"))
    adjust_stock(world.bolts.pk, world.bins[2], 2, Cause("BY-HAND-2", world.picker, "found"))


def _counts(world: World) -> None:
    def adjusted(quantity: int):
        gone = [Difference(world.bolts.pk, world.bins[0], quantity)]
        return propose_adjustments(gone, Why(AdjustmentReason.DAMAGED), by=world.picker)[0].pk

    adjusted(-2)
    approve_adjustments([adjusted(-110)], by=world.manager)
    approve_adjustments([adjusted(120)], by=world.manager)
    reject_adjustments([adjusted(-120)], by=world.manager, note="count it first")
    adjusted(-130)  # waits
    sheet = open_count_sheet(Choice(world.south, last="A-9"), by=world.manager)
    first, second = sheet.stops.in_walk_order()
    enter_count(first.pk, {world.rare.pk: 3, world.nuts.pk: 0}, seen=0, by=world.picker)
    enter_count(first.pk, {world.rare.pk: 3, world.bolts.pk: 800}, seen=1, by=world.manager)
    enter_count(second.pk, {world.nuts.pk: 900}, seen=0, by=world.picker)
    enter_count(second.pk, {}, seen=1, by=world.picker)
    close_count_sheet(sheet.pk, by=world.manager)
    open_count_sheet(Choice(world.north, product=world.cable), by=world.manager)
    cage = quarantine_stock({world.bolts.pk: 9}, world.bins[0], "wet", by=world.picker)
    release_from_quarantine({world.bolts.pk: 4}, cage, world.bins[0], "dry", by=world.picker)


def _transfers(world: World) -> None:
    def planned():
        transfer = a_transfer({world.bolts: 20, world.cable: 50}, world.north, world.south)
        return transfer, {line.pk: line.ordered for line in transfer.lines.order_by("pk")}

    planned()
    cancel_transfer(planned()[0].pk, by=world.picker)
    part, lines = planned()
    some = {pk: quantity // 2 for pk, quantity in lines.items()}
    dispatch_transfer(part.pk, some, by=world.picker)
    take_back_transfer(part.pk, {next(iter(lines)): 3}, by=world.picker)
    rest, lines = planned()
    dispatch_transfer(rest.pk, {pk: quantity // 2 for pk, quantity in lines.items()}, by=world.picker)
    receive_transfer(rest.pk, {next(iter(lines)): 4}, by=world.picker)
    cancel_transfer(rest.pk, by=world.picker)
    lossy, lines = planned()
    dispatch_transfer(lossy.pk, lines, by=world.picker)
    receive_transfer(lossy.pk, {pk: quantity - 2 for pk, quantity in lines.items()}, by=world.picker)
    declare_lost(lossy.pk, dict.fromkeys(lines, 2), by=world.picker, reason="fell off the lorry")
    whole, lines = planned()
    dispatch_transfer(whole.pk, lines, by=world.picker)
    receive_transfer(whole.pk, lines, by=world.picker)


def _deliveries(world: World) -> None:
    """One order answered, moved, over-delivered, put away; one received by mistake; one taken back when cancelled."""
    supplier = Supplier.objects.create(code="S2", name="Generous", tolerance_percent=20)
    lines = [Expected(world.nuts.pk, 40, in_days(7)), Expected(world.rare.pk, 5, in_days(9))]
    over, wrong, late = (
        place_purchase_order(supplier, world.south, lines, by=world.picker) for _i in range(3)
    )
    nuts, rare = over.lines.all()
    confirm_purchase_order(
        over.pk, {nuts.pk: Answer(40, in_days(8)), rare.pk: Answer(2, in_days(8))}, by=None
    )
    redate_purchase_lines(over.pk, {nuts.pk: in_days(9)}, by=world.picker, reason="strike")
    receive_purchase_order(over.pk, {nuts.pk: 48}, by=world.picker, delivery=Delivery("LS-1"))
    put_away(
        world.south.pk, [Put(world.nuts.pk, 30, world.south.locations.get(code="A-1").pk)], by=world.picker
    )
    receive_purchase_order(
        wrong.pk,
        {line.pk: line.due for line in wrong.lines.all()},
        by=world.picker,
        delivery=Delivery("LS-2"),
    )
    take_back_receipt(wrong.receipts.get().pk, by=world.picker, reason="another customer's")
    receive_purchase_order(late.pk, {late.lines.first().pk: 8}, by=world.picker)
    cancel_purchase_order(late.pk, by=world.picker)
    take_back_receipt(late.receipts.get().pk, by=world.picker, reason="sent back")


def _quotes(world: World) -> None:
    def drafted(quantity: int = 10):
        return draft_quote(Header(world.customer.pk), [a_line(world.bolts, quantity)], by=world.rep)

    def sent():
        return send_quote(drafted().pk, by=world.rep)

    drafted()
    offered = sent()
    issue_quote(offered.pk, by=world.rep)
    make_link(offered.pk, by=world.rep)
    revoke_links(offered.pk, by=world.rep)
    answer_by_link(make_link(sent().pk, by=world.rep), Said(accepts=False, name="M. Kern"), ip="192.0.2.1")
    with TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        attach(offered, Upload("po.pdf", "application/pdf", b"%PDF-1.4"), by=world.rep)
    write_note(offered, "call first", by=world.rep)
    follow_up_quote(offered.pk, in_days(3), by=world.rep)
    wanted = Counter("M. Kern", "less", {1: Wanted(price=Decimal(1))})
    counter_by_link(make_link(sent().pk, by=world.rep), wanted, ip="192.0.2.1")
    offer = counter_by_link(make_link(sent().pk, by=world.rep), wanted, ip="192.0.2.1")
    answer_counter(offer.pk, CounterReply("sorry"), by=world.rep)
    less = Header(world.customer.pk, discount=DocumentDiscount(amount=Decimal(3)))
    send_quote(
        draft_quote(less, [a_line(world.bolts, 50), a_line(world.nuts, 77)], by=world.rep).pk, by=world.rep
    )
    send_quote(drafted(3000).pk, by=world.rep)  # waits for approval
    decline_quote(sent().pk, "too dear", by=world.rep)
    cancel_quote(sent().pk, by=world.rep)
    revised = revise_quote(sent().pk, by=world.rep)
    send_quote(revised.pk, by=world.rep)
    late = sent()
    late.valid_until = in_days(-2)
    late.save(update_fields=["valid_until"])
    expire_quotes()
    accept_quote(sent().pk, Acceptance("M. Kern", "4500-1"), by=world.rep)
    asked = set_deciders(drafted().pk, Deciding.ALL, [Person("M. Kern"), Person("A. Roth")], by=world.rep)
    send_quote(asked.pk, by=world.rep)
    for decider in Decider.objects.filter(version__quote=asked):
        token = make_link(asked.pk, by=world.rep, decider_id=decider.pk)
        answer_by_link(token, Said(accepts=True, name=decider.name), ip="192.0.2.1")
    _holds(world)
    ordered = accept_quote(sent().pk, Acceptance("M. Kern", "4500-2"), by=world.rep)
    issue_proforma(order_from_quote(ordered.pk, by=world.rep).pk, by=world.rep)
    big = drafted(4000)
    send_quote(big.pk, by=world.rep)
    decide(ApprovalRequest.objects.get(quote_version__quote=big).pk, Verdict.APPROVE, by=world.manager)
    send_quote(big.pk, by=world.rep)


def _holds(world: World) -> None:
    """One holds stock, one held it until its order was confirmed, one until it was declined; one's went elsewhere."""
    buyer, held = a_customer("Roth KG"), a_product("HELD-1", on_hand=50, at=world.bins[0])
    RestrictedSale.objects.create(product=held, customer=buyer)
    HoldPolicy.objects.create(customer=buyer, days=5)

    def holding():
        return send_quote(draft_quote(Header(buyer.pk), [a_line(held, 10)], by=world.rep).pk, by=world.rep)

    def ordered():
        won = accept_quote(holding().pk, Acceptance("R. Roth"), by=world.rep)
        return order_from_quote(won.pk, by=world.rep)

    holding()
    decline_quote(holding().pk, "too dear", by=world.rep)
    order, moving = ordered(), ordered()
    confirm_order(submit_order(order.pk, by=world.rep).pk, by=world.rep)
    a_stock(held, 10, world.south)
    elsewhere = HeaderChange(warehouse_id=world.south.pk)
    edit_order(moving.pk, Edit(moving.revision, header=elsewhere), by=world.rep)


def _approvals(world: World) -> None:
    def asked(by=world.rep):
        order = a_submitted_order({world.rare: 1}, customer=world.customer, by=by)
        return order, ApprovalRequest.objects.get(order=order)

    asked()  # waits
    order, request = asked()
    decide(request.pk, Verdict.APPROVE, by=world.manager)
    confirm_order(order.pk, by=world.rep)
    order, request = asked()
    decide(request.pk, Verdict.REJECT, by=world.manager, reason="not to them")
    order, request = asked()
    take_back_order(order.pk, by=world.rep)


def _orders(world: World) -> None:
    an_order({world.bolts: 5, world.nuts: 3}, customer=world.customer, by=world.rep)
    off = DocumentDiscount(percent=Decimal("2.5"))
    an_order({world.bolts: 50, world.rare: 1, world.nuts: 13}, customer=world.customer, discount=off)
    twice = a_customer("Kern A.G.")
    an_order({world.bolts: 5}, customer=twice, by=world.rep)
    merge_customers(world.customer.pk, twice.pk, by=world.rep)
    a_submitted_order({world.bolts: 5}, by=world.rep)
    held = a_confirmed_order({world.bolts: 5}, by=world.rep)
    hold_order(held.pk, by=world.rep, reason="the customer called")
    freed = a_confirmed_order({world.bolts: 5}, by=world.rep)
    hold_order(freed.pk, by=world.rep, reason="a question")
    let_go_on(freed.pk, by=world.rep)
    make_order_link(freed.pk, by=world.rep)
    revoke_order_links(freed.pk, by=world.rep)
    make_order_link(freed.pk, by=world.rep)
    cancel_order(a_confirmed_order({world.bolts: 5}, by=world.rep).pk, by=world.rep)
    a_confirmed_order({world.nuts: 1000, world.bolts: 5}, by=world.rep)  # backordered
    a_confirmed_order(
        {world.nuts: 1000, world.bolts: 2}, customer=a_customer(shipping_policy="cancel_rest"), by=world.rep
    )
    serve_backorders(by=world.rep)


def _warehouse(world: World) -> None:
    a_shipment({world.bolts: 8}, by=world.rep)
    begun = a_shipment({world.bolts: 8, world.cable: 70}, by=world.rep)
    task = begun.lines.first().tasks.first()
    pick(begun.pk, {task.pk: 3}, by=world.picker)
    part = a_shipment({world.bolts: 9}, by=world.rep)
    all_picked(part, by=world.picker)
    pack(part.pk, None, {part.lines.get().pk: 4}, by=world.picker)
    all_packed(a_shipment({world.bolts: 6}, by=world.rep), by=world.picker)
    _short(world)
    void_shipment(
        all_packed(a_shipment({world.bolts: 6}, by=world.rep)).pk, by=world.rep, reason="wrong address"
    )
    cancelled = all_picked(a_shipment({world.bolts: 6}, by=world.rep))
    cancel_released_order(cancelled.order_id, by=world.rep)


def _short(world: World) -> None:
    for taken in (2, 0):
        shipment = a_shipment({world.bolts: 11}, by=world.rep)
        task = shipment.lines.get().tasks.get()
        short_pick(task.pk, taken, ShortReason.NOT_FOUND, by=world.picker)
    finish_count(StockCount.objects.order_by("pk").first().pk, 4, by=world.picker)


def _agreements(world: World) -> None:
    """One in each state, and orders in each that draw from the one in force."""
    second = a_user("customers.approve_agreement")

    def drafted(customer=world.customer, price: str = "0.30"):
        lines = [
            agreed(world.bolts, price, maximum=300, committed=100),
            agreed(world.nuts, "0.10", committed=500),
        ]
        terms = Terms(customer.pk, "EUR", in_days(-100), in_days(200))
        return draft_agreement(terms, lines, by=world.rep)

    drafted()
    redraft_agreement(propose_agreement(drafted().pk, by=world.rep).pk, by=world.rep)
    propose_agreement(drafted().pk, by=world.rep)
    drop_agreement(drafted().pk, by=world.rep)
    buyer = a_customer("Roth GmbH")
    ended = propose_agreement(drafted(buyer, "0.35").pk, by=world.rep)
    put_agreement_in_force(ended.pk, by=second)
    a_confirmed_order({world.bolts: 20}, customer=buyer, by=world.rep)
    end_agreement(ended.pk, by=world.rep, reason="renegotiated")
    renew_agreement(ended.pk, by=world.rep)
    in_force = propose_agreement(drafted(buyer).pk, by=world.rep)
    put_agreement_in_force(in_force.pk, by=second)
    a_confirmed_order({world.bolts: 30, world.nuts: 40}, customer=buyer, by=world.rep)
    cancel_order(a_confirmed_order({world.bolts: 50}, customer=buyer, by=world.rep).pk, by=world.rep)
    an_order({world.bolts: 290}, customer=buyer, by=world.rep)
    a_submitted_order({world.bolts: 10}, customer=buyer, by=world.rep)
    quote = draft_quote(Header(buyer.pk), [a_line(world.bolts, 100)], by=world.rep)
    accept_quote(send_quote(quote.pk, by=world.rep).pk, Acceptance("M. Roth"), by=world.rep)
    a_confirmed_order({world.bolts: 200}, customer=buyer, by=world.rep)
    order = order_from_quote(quote.pk, by=world.rep)
    confirm_order(submit_order(order.pk, by=world.rep).pk, by=world.rep)
    _call_offs(world, in_force)
    _of_a_value(world)


def _of_a_value(world: World) -> None:
    """One for everything, by what is paid: it runs out on a draft, and an order has given back."""
    buyer = a_customer("Volk GmbH")
    an_agreement(buyer, agreed_widely(3, committed_value=Decimal(20), maximum_value=Decimal(40)))
    a_confirmed_order({world.bolts: 30}, customer=buyer, by=world.rep)
    cancel_order(a_confirmed_order({world.bolts: 5}, customer=buyer, by=world.rep).pk, by=world.rep)
    an_order({world.bolts: 200}, customer=buyer, by=world.rep)


def _call_offs(world: World, agreement: Agreement) -> None:
    """One that is confirmed, one that waits for its day, and one that was skipped."""
    nuts = agreement.lines.get(product=world.nuts)
    place = agreement.customer.addresses.get()
    plan_call_offs(agreement.pk, Portions(nuts.pk, place.pk, 20, in_days(5), count=3), by=world.rep)
    called, _waits, skipped = CallOff.objects.order_by("requested_on")
    confirm_order(call_off(called.pk, by=world.rep).order.pk, by=world.rep)
    skip_call_off(skipped.pk, by=world.rep)


def _road(world: World) -> None:
    carrier = Carrier.objects.create(name="Parcel", kind=CarrierKind.MANUAL)

    def shipped(quantity: int = 7):
        shipment = all_packed(a_shipment({world.bolts: quantity}, by=world.rep), by=world.picker)
        return ship_shipment(shipment.pk, by=world.manager)

    shipped()
    void_shipment(shipped().pk, by=world.rep)
    hand_over(shipped().pk, by=world.picker)
    moving = shipped()
    record_tracking_numbers(moving.pk, {1: "PX-1"}, carrier, by=world.picker)
    ago = timezone.now() - timedelta(hours=5)
    carton = moving.packages.get()
    apply_news(carton.pk, [News("PU", TrackingStatus.IN_TRANSIT, ago, "depot")])
    apply_news(carton.pk, [News("OUT", TrackingStatus.OUT_FOR_DELIVERY, ago + timedelta(hours=1))])
    deliver_shipment(shipped().pk, by=world.manager)
    closed = deliver_shipment(shipped().pk, by=world.manager)
    close_order(closed.order_id, by=world.controller)
    _a_part_shipped_and_the_rest_cancelled(world)


def _taxes(world: World) -> None:
    zone = a_tax_zone("Germany", "DE")
    a_tax_rate(19, zone=zone)
    a_tax_rate(7, a_tax_class("Reduced"), zone)
    a_tax_zone("Export", is_exempt=True, note="Tax-free export delivery.")
    book = a_product("BOOK-1", price="9.99", tax_class=a_tax_class("Reduced"))
    freight = {a_charge_kind("FREIGHT", 12).pk: Decimal("12.50")}
    an_order({world.bolts: 50, book: 7}, customer=world.customer, charges=freight)
    quoted = Header(world.customer.pk, charges=freight)
    send_quote(draft_quote(quoted, [a_line(world.bolts, 50), a_line(book, 3)], by=world.rep).pk, by=world.rep)


def _a_part_shipped_and_the_rest_cancelled(world: World) -> None:
    few = a_product("FEW-1", on_hand=5, at=world.bins[0])
    shipment = all_packed(a_shipment({few: 8}, by=world.rep), by=world.picker)
    ship_shipment(shipment.pk, by=world.manager)
    order = shipment.order
    cancel_order(order.pk, by=world.rep)
    waiting = all_packed(a_shipment({a_product("FEW-2", on_hand=5, at=world.bins[0]): 8}, by=world.rep))
    ship_shipment(waiting.pk, by=world.manager)
    submit_order(an_order({world.bolts: 150}, customer=world.parent, by=world.rep).pk, by=world.rep)
    release_order(a_confirmed_order({world.cable: 10}, by=world.rep).pk, by=world.manager)
    ReorderPolicy.objects.filter(warehouse=world.north).update(channel_buffer=2)
