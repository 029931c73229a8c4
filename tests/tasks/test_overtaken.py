"""Letters that wait tell what stands when they go out; what does not stand any more goes to nobody and has no paper."""

import threading
import time
from contextlib import closing

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from oms.paper import as_pdf
from orders.models import ApprovalRequest, IssuedDocument, OrderDelivery, QuoteDelivery
from orders.services import issuing
from orders.services.approving import decide
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header
from orders.services.issuing import NothingToIssue, issue_confirmation
from orders.services.quoting import cancel_quote, decline_quote, draft_quote, revise_quote, send_quote
from orders.services.splitting import Split, split_order
from orders.status import Verdict
from orders.tasks import announce_order_events, announce_quote_events
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)
from tests.changing.test_quantities import changed

pytestmark = pytest.mark.django_db
TO = "c@example.com"


@pytest.fixture
def bolts():
    a_company()
    return a_product("BOLT-M8", on_hand=10, at=a_warehouse("NORTH"))


@pytest.fixture
def order(bolts):
    return a_confirmed_order({bolts: 5, a_product("NUT-M8"): 2}, customer=a_customer(email=TO))


@pytest.fixture
def quote(bolts):
    drafted = draft_quote(Header(a_customer(email=TO).pk), [a_line(bolts, 3)], by=None)
    return send_quote(drafted.pk, by=None)


def told_of_orders():
    announce_order_events()
    announce_order_events()
    letters = [letter for letter in mail.outbox if letter.to == [TO]]
    mail.outbox.clear()
    return letters


def subjects():
    return [letter.subject for letter in told_of_orders()]


def test_an_order_cancelled_before_its_letter_went_out_has_neither_letter_nor_paper(order):
    changed(order, a_boss(), quantities={1: 8})
    cancel_order(order.pk, by=None, reason="a slip")

    assert subjects() == []
    assert not IssuedDocument.objects.exists()
    assert not OrderDelivery.objects.filter(sent_at=None).exists()
    settled = OrderDelivery.objects.exclude(error="").values_list("event__kind", flat=True)
    assert sorted(settled) == ["changed", "confirmed"]


def test_who_was_told_of_the_order_is_told_once_that_it_is_cancelled_and_not_what_the_office_notes(order):
    assert len(subjects()) == 1

    cancel_order(order.pk, by=None, reason="does not pay anyway")

    (letter,) = told_of_orders()
    assert letter.subject == f"Your order {order.number} is cancelled"
    assert "does not pay" not in letter.body
    assert not letter.attachments


def while_drawn(monkeypatch, act):
    """Let somebody act in the moment in which the first paper is drawn."""
    acts = iter([act])

    def draw(paper):
        next(acts, lambda: None)()
        return as_pdf(paper)

    monkeypatch.setattr(issuing, "as_pdf", draw)


def test_an_order_cancelled_while_its_confirmation_is_drawn_has_neither_letter_nor_paper(order, monkeypatch):
    while_drawn(monkeypatch, lambda: cancel_order(order.pk, by=None))

    assert subjects() == []
    assert not IssuedDocument.objects.exists()
    assert OrderDelivery.objects.exclude(error="").get().event.kind == "confirmed"
    assert not OrderDelivery.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_cancellation_that_is_not_written_yet_is_waited_for_before_the_paper_is_kept(order, monkeypatch):
    begun = threading.Event()

    def cancel():
        with closing(connection), transaction.atomic():
            cancel_order(order.pk, by=None)
            begun.set()
            time.sleep(0.5)

    office = threading.Thread(target=cancel)
    while_drawn(monkeypatch, lambda: (office.start(), begun.wait(5)))

    assert subjects() == []
    office.join()
    assert not IssuedDocument.objects.exists()


def test_an_order_cancelled_after_its_paper_was_drawn_has_no_letter_either(order, monkeypatch):
    def link(event):
        if event.kind == "confirmed":
            cancel_order(order.pk, by=None)

    monkeypatch.setattr("orders.tasks.link_for_order_event", link)

    assert subjects() == []
    assert OrderDelivery.objects.exclude(error="").get().event.kind == "confirmed"


def test_of_a_change_made_while_the_confirmation_is_drawn_one_letter_tells(order, monkeypatch):
    while_drawn(monkeypatch, lambda: changed(order, a_boss(), quantities={1: 8}))

    (letter,) = told_of_orders()
    assert letter.subject == f"Your order is confirmed as {order.number}"
    assert "BOLT-M8: 8 C62" in letter.body


def test_a_confirmation_printed_while_the_order_is_cancelled_is_refused_with_what_helps(order, monkeypatch):
    while_drawn(monkeypatch, lambda: cancel_order(order.pk, by=None))

    with pytest.raises(
        NothingToIssue, match=f"{order.number} was changed or cancelled just now. Reload the page"
    ):
        issue_confirmation(order.pk, by=a_boss())

    assert not IssuedDocument.objects.exists()


def test_a_draft_that_is_cancelled_is_told_to_nobody(bolts):
    cancel_order(an_order({bolts: 1}, customer=a_customer(email=TO)).pk, by=None)

    assert subjects() == []
    assert not OrderDelivery.objects.exclude(error="").exists()


def test_of_several_changes_that_wait_one_letter_tells_the_newest_state(order):
    subjects()
    for quantities in ({1: 8}, {1: 7}, {2: 0}):
        changed(order, a_boss(), quantities=quantities)

    (letter,) = told_of_orders()
    assert "BOLT-M8: 7 C62" in letter.body
    assert "NUT-M8" not in letter.body
    assert IssuedDocument.objects.count() == 2
    assert OrderDelivery.objects.exclude(error="").count() == 2


def test_an_order_that_was_changed_before_it_was_told_is_told_as_confirmed(order, settings):
    settings.OMS_PUBLIC_URL = "https://orders.example"
    changed(order, a_boss(), quantities={1: 8, 2: 0})

    (letter,) = told_of_orders()
    assert letter.subject == f"Your order is confirmed as {order.number}"
    assert "BOLT-M8: 8 C62" in letter.body
    assert "NUT-M8" not in letter.body
    assert "https://orders.example/t/" in letter.body
    cancel_order(order.pk, by=None)
    assert subjects() == [f"Your order {order.number} is cancelled"]


def test_a_letter_that_failed_and_is_overtaken_is_settled_and_not_tried_again(order, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr("oms.mail.EmailMessage.send", lambda *_a, **_k: (_ for _ in ()).throw(OSError("away")))
        announce_order_events()
    cancel_order(order.pk, by=None)
    OrderDelivery.objects.update(next_try_at=timezone.now())

    assert subjects() == []
    assert not OrderDelivery.objects.filter(sent_at=None).exists()


def test_whoever_asked_hears_of_the_approval_though_the_customer_hears_of_nothing(order):
    subjects()
    managers = a_group("managers")
    boss = a_user(groups=[managers])
    a_rule(threshold=75, approvers=managers)
    changed(order, a_boss(), quantities={1: 8})
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=boss)
    cancel_order(order.pk, by=None)

    assert subjects() == [f"Your order {order.number} is cancelled"]
    assert IssuedDocument.objects.count() == 1


def test_a_part_that_is_cancelled_at_once_says_nothing_of_itself(order):
    subjects()
    part = split_order(order.pk, Split(0, frozenset({2}), requested_on=in_days(9)), by=a_boss())
    cancel_order(part.pk, by=None)

    assert subjects() == [f"Your order {order.number} has changed"]


@pytest.mark.parametrize(
    "end",
    [
        lambda pk: cancel_quote(pk, by=None),
        lambda pk: decline_quote(pk, "too dear", by=a_boss()),
        lambda pk: revise_quote(pk, by=None),
    ],
)
def test_an_offer_that_does_not_stand_any_more_is_not_sent(quote, end):
    end(quote.pk)

    announce_quote_events()
    announce_quote_events()

    assert not [letter for letter in mail.outbox if letter.to == [TO]]
    assert not IssuedDocument.objects.exists()
    assert not QuoteDelivery.objects.filter(sent_at=None).exists()
    assert QuoteDelivery.objects.exclude(error="").get().event.kind == "sent"


def test_an_offer_that_ends_while_it_is_drawn_is_not_sent_to_anybody(quote, monkeypatch):
    while_drawn(monkeypatch, lambda: cancel_quote(quote.pk, by=None))

    announce_quote_events()

    assert not mail.outbox
    assert QuoteDelivery.objects.exclude(error="").get().event.kind == "sent"


def test_of_two_versions_that_wait_the_one_that_is_out_is_sent(quote):
    revise_quote(quote.pk, by=None)
    send_quote(quote.pk, by=None)

    announce_quote_events()

    (letter,) = mail.outbox
    assert f"{quote.number} v2" in letter.subject
    assert IssuedDocument.objects.get().number == f"{quote.number} v2"
