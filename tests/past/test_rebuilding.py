"""Whatever happens to a document, each of its earlier moments is rebuilt as it was seen then."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.models import PickTask, Shipment
from fulfillment.services.packing import pack
from fulfillment.services.picking import pick, short_pick
from fulfillment.services.releasing import release_order
from fulfillment.services.shipping import ship_shipment, void_shipment
from fulfillment.status import ShortReason
from oms.errors import Refused
from orders.discounts import DocumentDiscount
from orders.errors import NotRemembered
from orders.models import ApprovalRequest, Order, OrderBefore, OrderLine, Quote, QuoteLine
from orders.models.lines import LINE_COLUMNS, OWN_COLUMNS
from orders.models.remembering import BALANCES
from orders.services.allocating import serve_backorders
from orders.services.approving import decide
from orders.services.cancelling import cancel_order, close_short
from orders.services.capturing import Header
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.deciding import Person, set_deciders
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.holding import hold_order, let_go_on
from orders.services.quoting import (
    Acceptance,
    accept_quote,
    draft_quote,
    follow_up_quote,
    revise_quote,
    send_quote,
)
from orders.services.remembering import document_at, moment_at, moment_of_event, moments_of
from orders.services.shipping_terms import change_shipping_terms, set_priority
from orders.services.submitting import submit_order, take_back_order
from orders.status import Deciding, QuoteStatus, Verdict
from tests.builders import (
    a_boss,
    a_charge_kind,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_stock,
    a_tax_class,
    a_tax_rate,
    a_tax_zone,
    a_warehouse,
    all_packed,
    an_address,
    an_order,
    in_days,
)
from tests.past.seeing import Seen, rebuilt, seen_now
from tests.verify.conftest import behind_its_back, switched_off

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 60
FAR = 5  # the seed of a story that goes through the warehouse


@pytest.fixture(autouse=True)
def house() -> None:
    a_company()
    a_warehouse()


class Story:
    """An order to which things happen by chance, and how it was seen after each of them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        a_company()
        self.managers = a_group("managers")
        self.rep, self.manager = a_boss(), a_boss()
        self.manager.groups.add(self.managers)
        a_rule(threshold=400, approvers=self.managers)
        a_tax_rate(19, a_tax_class(), a_tax_zone())
        self.freight = a_charge_kind("FREIGHT", tax_class=a_tax_class())
        self.place = a_warehouse()
        self.products = [a_product(price=n * 7 + 1) for n in range(4)]
        for product in self.products[:3]:
            a_stock(product, self.random.randint(2, 20), self.place)
        self.customer = a_customer()
        self.other = an_address(self.customer, "OTHER", country="AT")
        first = dict.fromkeys(self.products[:2], 3)
        self.order = an_order(first, customer=self.customer, by=self.rep, warehouse_id=self.place.pk)
        self.seen: list[tuple[Any, Seen]] = []
        self.look()

    def look(self) -> None:
        self.seen.append((timezone.now(), seen_now(self.order)))

    def go_on(self) -> None:
        """Let one thing happen; what is refused has not happened."""
        act = self.random.choice([*ALWAYS, *ACTS.get(self.fresh.status, []) * 2])
        try:
            act(self)
        except (Refused, OutOfPlace):
            return
        self.look()

    @property
    def fresh(self) -> Any:
        return Order.objects.get(pk=self.order.pk)

    def a_line(self) -> Any:
        return self.random.choice(list(self.order.lines.all()) or [None])


class OutOfPlace(Exception):
    """There is nothing that this could happen to."""


def there(found: Any) -> Any:
    if not found:
        raise OutOfPlace
    return found


def edit(story: Story, **what: Any) -> None:
    edit_order(story.order.pk, Edit(story.fresh.revision, **what), by=story.rep)


def adds(story: Story) -> None:
    edit(story, add=[a_line(story.random.choice(story.products), story.random.randint(1, 9))])


def changes_a_line(story: Story) -> None:
    price = story.random.choice([Decimal("3.5"), Decimal(9), None])
    change = Change(there(story.a_line()).pk, ordered=story.random.randint(1, 30), unit_price=price)
    edit(story, change=[change])


def removes(story: Story) -> None:
    edit(story, remove=frozenset([there(story.a_line()).pk]))


def rewrites_the_head(story: Story) -> None:
    n = story.random.randint(1, 99)
    discount = story.random.choice([None, DocumentDiscount(Decimal(n) / 10, Decimal(0))])
    charges = story.random.choice([{}, {story.freight.pk: Decimal(n)}, {story.freight.pk: Decimal(0)}])
    place = story.random.choice([None, story.other.pk])
    edit(
        story,
        header=HeaderChange(customer_po=f"PO-{n}", discount=discount, charges=charges, ship_to_id=place),
    )


def decides(story: Story) -> None:
    request = there(ApprovalRequest.objects.filter(order=story.order, status="pending").first())
    verdict = story.random.choice([Verdict.APPROVE, Verdict.APPROVE, Verdict.REJECT])
    decide(request.pk, verdict, by=story.manager, reason="so")


def is_changed(story: Story) -> None:
    quantities = {there(story.a_line()).pk: story.random.randint(0, 12)}
    add = [a_line(story.random.choice(story.products), 2)] if story.random.random() < 0.3 else []
    day = in_days(story.random.randint(1, 20))
    change_order(story.order.pk, OrderChange(story.fresh.revision, quantities, add, day), by=story.rep)


def gets_stock(story: Story) -> None:
    a_stock(story.random.choice(story.products), story.random.randint(1, 9), story.place)
    serve_backorders()


def is_picked(story: Story) -> None:
    task = there(PickTask.objects.open().filter(shipment_line__shipment__order=story.order).first())
    if story.random.random() < 0.3:
        short_pick(task.pk, 0, ShortReason.NOT_FOUND, by=story.rep)
    else:
        pick(task.shipment_line.shipment_id, {task.pk: 1}, by=story.rep)


def is_packed(story: Story) -> None:
    for shipment in there(list(Shipment.objects.filter(order=story.order, status="planned"))):
        pack(shipment.pk, None, {x.pk: x.picked for x in shipment.lines.all() if x.picked}, by=story.rep)


def hold_order_for_a_reason(order_id: int, *, by: Any) -> None:
    hold_order(order_id, by=by, reason="wait")


def leaves(story: Story) -> None:
    with suppress(Refused):
        all_packed(Shipment.objects.get(pk=a_shipment_of(story)), by=story.rep)
    ship_shipment(a_shipment_of(story), by=story.rep)


def a_shipment_of(story: Story) -> int:
    return int(there(Shipment.objects.filter(order=story.order).order_by("?").first()).pk)


def steps(verb: Callable[..., Any], *args: Any) -> Callable[[Story], Any]:
    """Return the act of the story that takes this step with the order."""
    return lambda story: verb(story.order.pk, *args, by=story.manager)


ALWAYS: list[Callable[[Story], Any]] = [
    steps(hold_order_for_a_reason),
    steps(let_go_on),
    steps(let_go_on),
    lambda story: set_priority(story.order.pk, story.random.randint(1, 9), by=story.rep),
    lambda story: change_shipping_terms(
        story.order.pk, {"most_shipments": story.random.randint(1, 9)}, by=story.rep
    ),
    gets_stock,
]
DRAFT = [adds, changes_a_line, removes, rewrites_the_head, steps(submit_order), steps(submit_order)]
SUBMITTED = [steps(take_back_order), *[decides, steps(confirm_order)] * 3]
IN_WORK = [
    is_changed,
    decides,
    *[steps(release_order), is_picked, is_packed, leaves] * 2,
    lambda story: void_shipment(a_shipment_of(story), by=story.rep),
    steps(close_short, "enough"),
    lambda story: story.random.random() < 0.1 and cancel_order(story.order.pk, by=story.rep),
]
ACTS = {
    "draft": DRAFT,
    "submitted": SUBMITTED,
    "confirmed": IN_WORK,
    "released": IN_WORK,
    "completed": IN_WORK,
}


@pytest.mark.parametrize("seed", range(6))
def test_each_moment_of_an_order_is_rebuilt_as_it_was_seen(seed):
    story = told(seed)

    for at, seen in story.seen:
        assert rebuilt(story.order, moment_at(story.order, at)) == seen


def told(seed: int) -> Story:
    story = Story(seed)
    for _step in range(STEPS):
        story.go_on()
    return story


def test_a_story_goes_far_enough_to_prove_something():
    seen = [one for _at, one in told(FAR).seen]

    assert {one["document"][0]["status"] for one in seen} >= {"draft", "submitted", "confirmed", "released"}
    assert any(line["shipped"] for one in seen for line in one["lines"])
    assert len(seen) > STEPS / 4


# The guard, and what is not seen any more without it.
TRIGGERS = {
    "orders_orderline.past_of_order_update": "lines",
    "orders_order.past_of_order_update": "document",
    "orders_promise.past_of_order_insert": "lines",
    "orders_hold.past_of_order_insert": "holds",
}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_without_one_of_the_triggers_the_past_is_not_what_was_seen(trigger):
    with switched_off(trigger):
        story = told(FAR)

    assert differs(story, TRIGGERS[trigger])


def test_without_what_was_moved_between_buckets_the_past_is_not_what_was_seen():
    story = told(FAR)
    assert not differs(story, "lines")

    with transaction.atomic(), behind_its_back("DELETE FROM orders_ordermoved"):
        assert differs(story, "lines")


def differs(story: Story, part: str) -> bool:
    return any(
        rebuilt(story.order, moment_at(story.order, at))[part] != seen[part] for at, seen in story.seen
    )


def test_each_moment_of_a_quote_is_rebuilt_with_the_version_that_was_in_force():
    boss, manager, managers = a_boss(), a_boss(), a_group()
    manager.groups.add(managers)
    a_rule(threshold=50, approvers=managers)
    a_company()
    product, seen = a_product(price=10), []
    quote = draft_quote(Header(a_customer().pk), [a_line(product, 3)], by=boss)

    def line() -> Any:
        return QuoteLine.objects.filter(version__quote=quote).latest("pk")

    def edits(revision: int, **what: Any) -> Callable[[], Any]:
        return lambda: edit_quote(quote.pk, Edit(revision, **what), by=boss)

    for act in (
        lambda: None,
        edits(0, add=[a_line(product, 5)]),
        lambda: edits(1, change=[Change(line().pk, ordered=9)])(),
        lambda: set_deciders(quote.pk, Deciding.ALL, [Person("M. Kern"), Person("B. Roth")], by=boss),
        lambda: set_deciders(quote.pk, Deciding.IN_ORDER, [Person("B. Roth")], by=boss),
        lambda: send_quote(quote.pk, by=boss),
        lambda: decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager),
        lambda: send_quote(quote.pk, by=boss),
        lambda: follow_up_quote(quote.pk, in_days(3), by=boss),
        lambda: revise_quote(quote.pk, by=boss),
        lambda: edits(2, remove=frozenset([line().pk]))(),
        lambda: edits(3, header=HeaderChange(discount=DocumentDiscount(Decimal(5), Decimal(0))))(),
        lambda: send_quote(quote.pk, by=boss),
        lambda: accept_quote(quote.pk, Acceptance("M. Kern", "PO-1"), by=boss),
    ):
        act()
        seen.append((timezone.now(), seen_now(quote)))

    assert Quote.objects.get().status == QuoteStatus.ACCEPTED
    for at, then in seen:
        assert rebuilt(quote, moment_at(quote, at)) == then


def test_all_that_one_transaction_changes_is_one_moment_and_what_is_rolled_back_none():
    boss = a_boss()
    order = an_order({a_product(): 3}, by=boss)
    with transaction.atomic():
        hold_order_for_a_reason(order.pk, by=boss)
        let_go_on(order.pk, by=boss)
        with suppress(Refused), transaction.atomic():
            set_priority(order.pk, 3, by=boss)
            raise Refused
    with suppress(Refused), transaction.atomic():
        set_priority(order.pk, 3, by=boss)
        raise Refused

    assert [moment.begins for moment in moments_of(order)] == [True, False]


def test_nothing_is_kept_of_what_comes_with_its_document_nor_of_what_stays_as_it_is():
    order = an_order({a_product(): 3, a_product(): 4}, by=a_boss())
    assert not OrderBefore.objects.exists()

    OrderLine.objects.filter(order=order).update(ordered=F("ordered"))
    assert list(moments_of(order).values_list("begins", flat=True)) == [True]

    order.lines.filter(position=2).update(ordered=9)
    kept = OrderBefore.objects.get()
    assert (kept.what, list(kept.was.values())) == ("line", [{"ordered": 4}])


def test_what_only_ledgers_write_is_all_that_the_triggers_of_lines_leave_out():
    columns = {field.column for field in OrderLine._meta.concrete_fields}

    assert columns - {*LINE_COLUMNS, *OWN_COLUMNS} == {"id", "order_id", *BALANCES}
    writers = [
        str(one.compile(model).sql)
        for model, one in pgtrigger.registered()
        if "UPDATE orders_orderline" in str(one.compile(model).sql)
    ]
    assert len(writers) == 5  # three of allocations, one of promises, one of lines that come late
    for sql in writers:
        for changed in re.findall(r"UPDATE orders_orderline l SET (.*?) FROM", sql, flags=re.DOTALL):
            assert set(re.findall(r"(\w+) = ", changed)) <= BALANCES


def test_there_is_an_answer_for_moments_of_which_nothing_is_known():
    order = an_order({a_product(): 3}, by=a_boss())
    with pytest.raises(NotRemembered, match="has not come yet"):
        moment_at(order, timezone.now() + timedelta(minutes=1))
    with pytest.raises(NotRemembered, match=r"was entered on .*; before that there was nothing"):
        moment_at(order, order.created_at - timedelta(seconds=1))
    assert moment_at(order, order.created_at).begins

    hidden = behind_its_back("DELETE FROM orders_ordermoment")
    with transaction.atomic(), hidden, pytest.raises(NotRemembered, match="is not kept"):
        moment_at(order, timezone.now())


def test_an_event_leads_to_its_moment():
    boss = a_boss()
    order = an_order({a_product(): 3}, by=boss)
    edit_order(order.pk, Edit(0, header=HeaderChange(customer_po="PO-1")), by=boss)
    hold_order_for_a_reason(order.pk, by=boss)
    let_go_on(order.pk, by=boss)

    found = [moment_of_event(order, event.version) for event in order.events.order_by("version")]

    assert found == [moment for moment, n in zip(moments_of(order), range(4), strict=True) if n != 1]
    assert [[hold.released_at is None for hold in document_at(order, one).holds] for one in found] == [
        [], [True], [False],
    ]  # fmt: skip


def test_the_number_of_statements_does_not_grow_with_the_lines_or_the_changes():
    counted = []
    for n in (3, 30):
        order = an_order({a_product(): 1 for _i in range(n)}, by=a_boss())
        for number in range(n):
            order.lines.filter(position=number + 1).update(ordered=7)
        with CaptureQueriesContext(connection) as statements:
            document_at(order, moments_of(order).first())
        counted.append(len(statements))

    assert counted == [9, 9]
