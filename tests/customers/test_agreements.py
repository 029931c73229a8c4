"""The life of an agreement: drafted, proposed, put in force by somebody else, ended early, renewed; and its pace."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.agreements import pace_of
from customers.errors import AgreementRefused
from customers.models import Agreement
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
from customers.status import AgreementStatus, PaceKind
from oms.errors import IllegalMove, NotAllowed
from tests.builders import a_company, a_customer, a_product, a_user, agreed, an_agreement, in_days

YEAR = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def customer(db):
    a_company()
    return a_customer()


@pytest.fixture
def rep(db):
    return a_user()


@pytest.fixture
def second(db):
    return a_user("customers.approve_agreement")


def drafted(customer, by, **terms):
    values = {"valid_from": in_days(0), "valid_to": in_days(100), "currency_id": "EUR", **terms}
    lines = [agreed(a_product(), 8, maximum=40, committed=30)]
    return draft_agreement(Terms(customer.pk, **values), lines, by=by)


def test_who_proposed_it_does_not_put_it_in_force(customer, second):
    agreement = drafted(customer, second)
    with pytest.raises(AgreementRefused, match="needs a second person"):
        put_agreement_in_force(agreement.pk, by=second)
    propose_agreement(agreement.pk, by=second)

    with pytest.raises(NotAllowed, match="somebody else has to put it in force"):
        put_agreement_in_force(agreement.pk, by=second)

    other = a_user("customers.approve_agreement")
    assert put_agreement_in_force(agreement.pk, by=other).approved_by == other


def test_who_may_not_approve_puts_none_in_force_that_needs_a_second_person(customer, rep):
    agreement = propose_agreement(drafted(customer, rep).pk, by=rep)

    with pytest.raises(NotAllowed, match="ask somebody who approves agreements"):
        put_agreement_in_force(agreement.pk, by=a_user())


def test_where_no_second_person_is_needed_a_draft_comes_into_force_at_once(customer, rep):
    agreement = put_agreement_in_force(drafted(customer, rep, needs_approval=False).pk, by=rep)

    assert agreement.status == AgreementStatus.IN_FORCE
    assert agreement.approved_by is None
    assert agreement.remind_on == in_days(40)
    assert [event.kind for event in agreement.events.all()] == ["drafted", "in_force"]


def test_what_has_no_lines_or_is_over_is_not_proposed(customer, rep):
    bare = draft_agreement(Terms(customer.pk, "EUR", in_days(0), in_days(9)), [], by=rep)
    over = drafted(customer, rep, valid_from=in_days(-9), valid_to=in_days(0))

    with pytest.raises(AgreementRefused, match="has no lines"):
        propose_agreement(bare.pk, by=rep)
    with pytest.raises(AgreementRefused, match="was to end on"):
        propose_agreement(over.pk, by=rep)
    with pytest.raises(AgreementRefused, match="choose a later end"):
        drafted(customer, rep, valid_to=in_days(0))


def test_a_proposed_agreement_goes_back_to_draft_or_is_dropped(customer, rep):
    agreement = redraft_agreement(propose_agreement(drafted(customer, rep).pk, by=rep).pk, by=rep)
    assert agreement.is_editable

    assert drop_agreement(agreement.pk, by=rep).status == AgreementStatus.DROPPED
    with pytest.raises(IllegalMove):
        propose_agreement(agreement.pk, by=rep)


def test_an_agreement_is_ended_today_or_before_it_begins(customer, rep):
    now = an_agreement(customer, agreed(a_product(), 8))
    later = an_agreement(customer, agreed(a_product(), 8), valid_from=in_days(9))

    assert end_agreement(now.pk, by=rep, reason="insolvent").valid_to == in_days(0)
    assert end_agreement(later.pk, by=rep).valid_to == in_days(9)
    assert not Agreement.objects.holding_on(in_days(0)).exists()
    assert not Agreement.objects.holding_on(in_days(9)).exists()


def test_a_renewed_agreement_has_the_same_lines_and_follows_the_old_one(customer, rep):
    old = an_agreement(customer, agreed(a_product(), 8, maximum=40, committed=30), name="Frame")

    new = renew_agreement(old.pk, by=rep)

    assert (new.status, new.name, new.valid_from) == (AgreementStatus.DRAFT, "Frame", old.valid_to)
    assert new.valid_to - new.valid_from == old.valid_to - old.valid_from
    line = new.lines.get()
    assert (line.price, line.maximum, line.committed, line.drawn) == (8, 40, 30, 0)
    with pytest.raises(AgreementRefused, match="never in force"):
        renew_agreement(new.pk, by=rep)


def test_drafting_costs_as_many_statements_with_many_lines(customer, rep):
    counted = []
    for many in (2, 20):
        lines = [agreed(a_product(), 8) for _line in range(many)]
        with CaptureQueriesContext(connection) as statements:
            draft_agreement(Terms(customer.pk, "EUR", in_days(0), in_days(9)), lines, by=rep)
        counted.append(len(statements))
    assert counted[0] == counted[1]


@pytest.mark.parametrize(
    ("drawn", "on", "kind", "expected"),
    [
        (0, date(2025, 1, 1), PaceKind.AHEAD, 0),
        (0, date(2026, 1, 1), PaceKind.AHEAD, 0),
        (181, date(2026, 7, 2), PaceKind.BEHIND, 182),
        (182, date(2026, 7, 2), PaceKind.AHEAD, 182),
        (365, date(2026, 7, 2), PaceKind.REACHED, 182),
        (364, date(2027, 1, 1), PaceKind.MISSED, 365),
        (364, date(2028, 1, 1), PaceKind.MISSED, 365),
    ],
)
def test_pace_compares_what_was_taken_with_the_days_gone_by(drawn, on, kind, expected):
    pace = pace_of(365, drawn, period=YEAR, on=on)

    assert (pace.kind, pace.expected) == (kind, expected)


def test_without_a_commitment_there_is_no_pace():
    assert pace_of(0, 0, period=YEAR, on=YEAR[0]).kind == PaceKind.FREE
