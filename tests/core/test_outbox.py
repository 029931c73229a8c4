"""What is owed to the outside is delivered: once, in order, and again when it failed."""

import pytest
from django.db.models import F
from django.db.models.functions import Now

from oms.documents import Delivery
from oms.outbox import LEASE, claim, deliver_due
from orders.models import Order, OrderDelivery, OrderEvent
from orders.services.confirming import confirm_order
from orders.services.submitting import submit_order
from tests.builders import a_product, a_submitted_order, a_warehouse, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """A submitted order: two events, both owed to the mail."""
    a_warehouse()
    return a_submitted_order({a_product(): 1})


def deliver(send) -> int:
    return deliver_due(OrderDelivery, "mail", send)


def fail(_event) -> None:
    raise OSError("the line is dead")


def make_due() -> None:
    OrderDelivery.objects.update(next_try_at=Now() - LEASE)


def test_an_event_owes_its_delivery_from_its_own_transaction_on(order):
    events = OrderEvent.objects.filter(document=order).order_by("version")

    assert list(OrderDelivery.objects.order_by("pk").values_list("event", flat=True)) == [
        e.pk for e in events
    ]


def test_events_written_in_one_set_are_owed_one_each(order):
    Order.record_all([order.pk], "seen", by=None)

    assert OrderDelivery.objects.filter(event__kind="seen").count() == 1


def test_events_of_a_document_arrive_in_their_order(order):
    confirm_order(order.pk, by=None)
    arrived = []

    deliver(lambda event: arrived.append(event.kind))

    assert arrived == ["entered", "submitted", "confirmed", "short"]


def test_two_runs_at_once_send_once(order):
    """The second run claims while the first one sends: what is leased is not due."""
    arrived = []

    def send(event) -> None:
        deliver(lambda meanwhile: arrived.append(("second", meanwhile.pk)))
        arrived.append(("first", event.pk))

    deliver(send)

    assert arrived == [("first", pk) for pk in OrderEvent.objects.order_by("pk").values_list("pk", flat=True)]


def test_what_a_dead_process_claimed_is_due_again_after_its_lease(order):
    claimed = claim(OrderDelivery, "mail")
    assert claim(OrderDelivery, "mail") == []

    make_due()

    assert claim(OrderDelivery, "mail") == claimed


def test_what_fails_is_tried_again_later_and_says_why(order):
    assert deliver(fail) == 0

    delivery = OrderDelivery.objects.order_by("pk").first()
    assert (delivery.attempts, delivery.error, delivery.sent_at) == (1, "the line is dead", None)
    assert deliver(fail) == 0  # not due yet
    make_due()
    arrived = []
    assert deliver(arrived.append) == 2
    assert arrived == list(OrderEvent.objects.order_by("pk"))


def test_a_failing_event_holds_back_its_document_only(order):
    other = an_order({a_product(): 1})

    def send(event) -> None:
        if event.document_id == order.pk:
            raise OSError

    assert deliver(send) == 1  # the other order's only event

    assert OrderDelivery.objects.get(sent_at__isnull=False).event.document == other
    assert not OrderDelivery.objects.filter(event__kind="submitted", attempts__gt=0).exists()


def test_after_five_attempts_it_is_parked_and_the_next_event_goes(order):
    for _attempt in range(Delivery.MOST_ATTEMPTS):
        make_due()
        deliver(fail)

    parked = OrderDelivery.objects.get(parked_at__isnull=False)
    assert parked.attempts == Delivery.MOST_ATTEMPTS
    arrived = []
    make_due()
    deliver(lambda event: arrived.append(event.kind))
    assert arrived == ["submitted"]


def test_each_failure_waits_longer(order):
    waits = []
    for _attempt in range(Delivery.MOST_ATTEMPTS - 1):
        make_due()
        deliver(fail)
        row = OrderDelivery.objects.order_by("pk").annotate(wait=F("next_try_at") - Now()).first()
        waits.append(row.wait)

    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]


def test_somebody_elses_deliveries_are_left_alone(order):
    assert deliver_due(OrderDelivery, "webhook", fail) == 0
    assert not OrderDelivery.objects.filter(attempts__gt=0).exists()


def test_a_refused_change_owes_nothing(order):
    before = OrderDelivery.objects.count()

    with pytest.raises(Exception, match="cannot become"):
        submit_order(order.pk, by=None)

    assert OrderDelivery.objects.count() == before
