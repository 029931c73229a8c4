"""What lies beside a document of the past: files, notes, decisions, who has to accept, and counter-offers."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.uploads import Upload
from orders.models import ApprovalRequest, Decider
from orders.services.answering import Answer, answer_by_link, make_link
from orders.services.approving import decide
from orders.services.attaching import attach, write_note
from orders.services.capturing import Header
from orders.services.deciding import Person, set_deciders
from orders.services.meeting import CounterReply, answer_counter
from orders.services.negotiating import Counter, Wanted, counter_by_link
from orders.services.quoting import draft_quote, send_quote
from orders.services.remembering import document_at, moment_at, moments_of
from orders.services.submitting import submit_order
from orders.status import Deciding, Verdict
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_order,
)
from tests.past.test_page import page
from tests.verify.conftest import switched_off

pytestmark = pytest.mark.django_db(transaction=True)  # each step at a moment of its own
PDF = Upload("their order.pdf", "application/pdf", b"%PDF-1.4")


@pytest.fixture
def boss():
    a_company()
    a_warehouse("NORTH")
    return a_boss()


def asked(at: Any) -> str:
    return str(at.isoformat())


def told(answer: Any) -> dict[tuple[str, str], tuple[str, str, list[str]]]:
    return {
        (one.of, one.what): (one.before, one.after, [str(who) for who in one.told.by])
        for one in answer.context["differences"]
    }


def test_files_and_notes_are_there_from_their_moment_on_and_tell_who_added_them(client, boss):
    order = an_order({a_product(): 2}, by=boss)
    before = timezone.now()
    attach(order, PDF, by=boss)
    write_note(order, "call before noon", by=boss)
    after = timezone.now()
    write_note(order, "paid late once", by=boss)

    then, since = page(client, boss, order, at=asked(before)), page(client, boss, order, at=asked(after))

    assert (list(then.context["files"]), list(then.context["notes"])) == ([], [])
    assert [file.name for file, _url in since.context["files"]] == ["their order.pdf"]
    assert [note.text for note in since.context["notes"]] == ["call before noon"]
    assert told(then)["Attachment", "their order.pdf"] == ("–", "attached", [str(boss)])
    assert [one.after for one in since.context["differences"]] == ["paid late once"]


def test_who_may_not_see_files_and_notes_does_not_see_those_of_the_past(client, boss):
    order = an_order({a_product(): 2}, by=boss)
    before = timezone.now()
    attach(order, PDF, by=boss)
    write_note(order, "call before noon", by=boss)
    reader = a_user("orders.view_order", "orders.view_quote", "customers.view_all_customers", is_staff=True)

    for at in (before, timezone.now()):
        seen = page(client, reader, order, at=asked(at))
        assert (list(seen.context["files"]), list(seen.context["notes"])) == ([], [])
        assert seen.context["differences"] == []
        assert b"call before noon" not in seen.content


def test_who_decided_an_approval_and_why_is_told_with_its_step(client, boss):
    managers, manager = a_group("managers"), a_boss()
    manager.groups.add(managers)
    a_rule(threshold=5, approvers=managers)
    order = an_order({a_product(price=10): 2}, by=boss)
    submit_order(order.pk, by=boss)
    waiting = timezone.now()
    decide(ApprovalRequest.objects.get().pk, Verdict.APPROVE, by=manager, reason="good customer")

    then, now = (
        page(client, boss, order, at=asked(waiting)),
        page(client, boss, order, at=asked(timezone.now())),
    )

    ((_step, _reason, decision),) = then.context["steps"]
    assert decision is None
    ((_step, _reason, decision),) = now.context["steps"]
    assert (decision.by, decision.reason) == (manager, "good customer")
    (step,) = [one for one in then.context["differences"] if one.of == "Approval, managers"]
    assert (step.before, step.after, step.told.by, step.told.why) == (
        "pending", "approved", [manager], ["good customer"],
    )  # fmt: skip


@pytest.fixture
def quote(boss):
    """Five bolts at 10 for which Kern and Roth have to accept."""
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product("BOLT", price=10), 5)], by=boss)
    set_deciders(quote.pk, Deciding.ALL, [Person("M. Kern"), Person("B. Roth")], by=boss)
    return quote


def test_who_had_to_accept_is_told_as_it_was_then(client, boss, quote):
    both = timezone.now()
    set_deciders(quote.pk, Deciding.ANY, [Person("M. Kern")], by=boss)
    one = timezone.now()
    send_quote(quote.pk, by=boss)

    then, later = page(client, boss, quote, at=asked(both)), page(client, boss, quote, at=asked(one))

    assert [str(turn.decider) for turn in then.context["turns"]] == ["M. Kern", "B. Roth"]
    assert (then.context["deciding"], later.context["deciding"]) == ("all of them", "any of them")
    assert [str(turn.decider) for turn in later.context["turns"]] == ["M. Kern"]
    assert told(then)["", "Who decides at the customer's"] == (
        "all of them: M. Kern, B. Roth", "any of them: M. Kern", [str(boss)],
    )  # fmt: skip


def test_without_the_triggers_nobody_knows_who_had_to_accept(boss, quote):
    """The control: deciders are replaced in place."""
    both = timezone.now()

    def names() -> list[str]:
        return [one.name for one in document_at(quote, moment_at(quote, both)).deciders]

    assert names() == ["M. Kern", "B. Roth"]
    with switched_off("orders_decider.past_of_quote_delete"):
        set_deciders(quote.pk, Deciding.ANY, [Person("A. Other")], by=boss)
    assert names() == []


def test_a_consent_counts_from_its_moment_on(client, boss, quote):
    send_quote(quote.pk, by=boss)
    sent = timezone.now()
    kern = Decider.objects.get(name="M. Kern")
    answer_by_link(
        make_link(quote.pk, by=None, decider_id=kern.pk), Answer(True, "Max Kern", "", ""), ip="10.0.0.1"
    )

    then, now = page(client, boss, quote, at=asked(sent)), page(client, boss, quote, at=asked(timezone.now()))

    assert [turn.consent for turn in then.context["turns"]] == [None, None]
    assert [bool(turn.consent) for turn in now.context["turns"]] == [True, False]
    assert told(then)["Who decides", "M. Kern"] == ("–", "accepted", ["Max Kern"])


def test_a_counter_offer_is_told_and_without_the_answer_that_came_later(client, boss, quote):
    send_quote(quote.pk, by=boss)
    sent, token = timezone.now(), make_link(quote.pk, by=None)
    wanted = {1: Wanted(price=Decimal("9.50"), comment="as before")}
    offer = counter_by_link(token, Counter("M. Kern", "match Baltic", wanted), ip=None)
    asked_for = timezone.now()
    answer_counter(offer.pk, CounterReply("our best"), by=boss)

    then, between = page(client, boss, quote, at=asked(sent)), page(client, boss, quote, at=asked(asked_for))

    assert then.context["counter_offers"] == []
    ((waiting),) = between.context["counter_offers"]
    assert (waiting["offer"], waiting["answer"]) == (offer, None)
    assert b"our best" not in between.content.split(b'<h3 id="lines"')[1].split(b"past-moments")[0]
    of = f"Counter-offer to {quote.number} v1"
    found = told(then)
    assert found[of, "wanted"] == ("–", "BOLT 10.00 → 9.50 as before", ["M. Kern"])
    assert found[of, "answered"] == ("–", f"{quote.number} v2", [str(boss)])
    assert (of, "wanted") not in told(between)
    assert (of, "answered") in told(between)


def test_what_is_beside_costs_the_same_however_much_it_is(client, boss, quote):
    counted = []
    for n in (1, 6):
        for i in range(n):
            write_note(quote, f"note {i} of {n}", by=a_user())
            attach(
                quote, Upload(f"{i} of {n}.pdf", "application/pdf", b"%PDF-1.4" + bytes([i, n])), by=a_user()
            )
        page(client, boss, quote)
        with CaptureQueriesContext(connection) as statements:
            page(client, boss, quote, moment=moments_of(quote).first().pk)
        counted.append(len(statements))

    assert counted[0] == counted[1]
