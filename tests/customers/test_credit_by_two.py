"""Credit is eased by two: one asks, another puts it in force. Less is granted at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.errors import CreditRefused
from customers.models import CreditAccount, CreditChange, CreditProposal, Customer
from customers.services.credit_proposals import last_change, put_credit_in_force, turn_down_credit
from customers.services.crediting import Grant, Told, eases, grant_credit, open_credit_account, terms_of
from customers.services.merging import hold_pair, problems_between
from customers.status import CreditProposalStatus
from oms.errors import NotAllowed, Stale
from oms.verify import verify
from orders.services.confirming import confirm_order
from tests.builders import (
    a_boss,
    a_company,
    a_credit_account,
    a_customer,
    a_group,
    a_product,
    a_submitted_order,
    a_user,
    a_warehouse,
    in_days,
)
from tests.customers.test_credit import NO_ROWS
from tests.verify.conftest import switched_off

pytestmark = pytest.mark.django_db

NOW = Grant(Decimal(100), Decimal(5), 30, Decimal(50), 14, Decimal(80), in_days(9))
EASIER = [
    {"credit_limit": Decimal(101)},
    {"credit_limit": None},
    {"tolerance_percent": Decimal(6)},
    {"horizon_days": 29},
    {"overdue_amount": Decimal(51)},
    {"overdue_days": 15},
    {"insured_limit": Decimal(81)},
    {"insured_limit": None, "insured_until": None},
    {"insured_until": in_days(10)},
    {"insured_until": None},
    {"credit_limit": Decimal(200), "overdue_days": 1},
]
HARDER = [
    {"credit_limit": Decimal(99)},
    {"credit_limit": Decimal(0)},
    {"tolerance_percent": Decimal(0)},
    {"horizon_days": 31},
    {"overdue_amount": Decimal(0)},
    {"overdue_days": 13},
    {"insured_limit": Decimal(79)},
    {"insured_until": in_days(8)},
]


@pytest.fixture
def kern():
    a_company()
    return a_customer("Kern AG", code="KERN")


@pytest.fixture
def account(kern):
    return open_credit_account(kern.pk, "EUR", NOW, Told(in_days(-1)), by=None)


def written(account, terms, **values):
    """A change that is written past every service."""
    return CreditChange.objects.create(account=account, **terms._asdict(), **values)


@pytest.mark.parametrize("other", EASIER, ids=str)
def test_what_eases_waits_and_the_database_wants_two_as_well(account, other):
    asks, wanted = a_user(), NOW._replace(**other)
    assert eases(NOW, wanted)
    with pytest.raises(IntegrityError, match="is eased by two"), transaction.atomic():
        written(account, wanted, by=asks)

    grant_credit(account.pk, wanted, by=asks, note="new branch")

    account.refresh_from_db()
    assert terms_of(account) == NOW
    proposal = account.proposals.get()
    put_credit_in_force(proposal.pk, by=a_user())
    account.refresh_from_db()
    assert terms_of(account) == wanted
    assert verify() == []


@pytest.mark.parametrize("other", HARDER, ids=str)
def test_what_does_not_ease_is_granted_at_once_by_one(account, other):
    wanted = NOW._replace(**other)
    assert not eases(NOW, wanted)

    grant_credit(account.pk, wanted, by=a_user())

    account.refresh_from_db()
    assert terms_of(account) == wanted
    assert not account.proposals.exists()
    assert verify() == []


def test_to_insure_what_nobody_insured_eases_nothing(account):
    uninsured = NOW._replace(insured_limit=None, insured_until=None)

    assert not eases(uninsured, NOW)
    assert eases(None, uninsured)


def asked(account, by=None, limit=200):
    grant_credit(account.pk, NOW._replace(credit_limit=Decimal(limit)), by=by or a_user(), note="new branch")
    return account.proposals.waiting().get()


def test_nobody_puts_in_force_what_they_asked_for_superusers_neither(account):
    boss = a_boss()
    proposal = asked(account, boss)

    with pytest.raises(NotAllowed, match="somebody else has to put it in force"):
        put_credit_in_force(proposal.pk, by=boss)
    with pytest.raises(IntegrityError, match="is eased by two"), transaction.atomic():
        written(account, terms_of(proposal), by=boss, proposal=proposal)
    assert not verify()


def test_the_database_wants_the_same_terms_for_the_same_account(account):
    proposal, other = asked(account), a_credit_account(a_customer(), 1)

    for target, terms in [
        (account, terms_of(proposal)._replace(credit_limit=None)),
        (other, terms_of(proposal)),
    ]:
        with pytest.raises(IntegrityError, match="is eased by two"), transaction.atomic():
            written(target, terms, by=a_user(), proposal=proposal)


def test_without_its_trigger_one_person_eases_credit_and_verify_tells(account):
    by = a_user()
    connection.check_constraints()  # none may be due when a trigger is switched
    with switched_off("customers_creditchange.two_people_ease_credit"):
        written(account, NOW._replace(credit_limit=None), by=by, at=timezone.now() + timedelta(seconds=1))
        connection.check_constraints()

    account.refresh_from_db()
    assert account.credit_limit is None
    assert [breach.invariant for breach in verify()] == ["I8 credit is eased by two"]


def test_a_decision_is_made_once_and_about_what_was_seen(account):
    proposal = asked(account)
    seen = last_change(account)
    grant_credit(account.pk, NOW._replace(credit_limit=Decimal(50)), by=a_user())
    with pytest.raises(Stale, match="changed meanwhile"):
        put_credit_in_force(proposal.pk, by=a_user(), seen=seen)

    put_credit_in_force(proposal.pk, by=a_user(), seen=last_change(account))

    with pytest.raises(CreditRefused, match="is put in force already"):
        put_credit_in_force(proposal.pk, by=a_user())
    with pytest.raises(CreditRefused, match="is put in force already"):
        turn_down_credit(proposal.pk, by=a_user(), note="late")


def test_one_proposal_waits_at_a_time_and_the_same_again_is_that_one(account):
    proposal = asked(account)
    assert asked(account) == proposal

    with pytest.raises(CreditRefused, match="has asked for other credit of Kern AG already"):
        asked(account, limit=300)


def test_it_is_turned_down_with_a_reason_or_taken_back_without(account):
    with pytest.raises(CreditRefused, match="Say why"):
        turn_down_credit(asked(account).pk, by=a_user())
    turned_down = turn_down_credit(asked(account).pk, by=a_user(), note="pays late")
    asks = a_user()
    taken_back = turn_down_credit(asked(account, asks).pk, by=asks)

    account.refresh_from_db()
    assert terms_of(account) == NOW
    assert turned_down.status == taken_back.status == CreditProposalStatus.TURNED_DOWN
    assert verify() == []


def test_what_a_person_opens_governs_nobody_until_another_agrees(kern):
    a_warehouse()
    parent = a_customer("Holding")
    Customer.objects.filter(pk=kern.pk).update(parent=parent)
    above = a_credit_account(parent, 1000)
    opened = open_credit_account(
        kern.pk, "EUR", Grant(Decimal(5000)), Told(in_days(-1), Decimal(7)), by=a_user()
    )
    kern.refresh_from_db()
    assert (opened.is_open, kern.credit_account) == (False, above)
    bolts = a_product(on_hand=9000, price=1)
    order = confirm_order(a_submitted_order({bolts: 1001}, customer=kern).pk, by=None)
    assert "of a limit of 1,000.00 EUR" in order.holds.get().reason
    assert verify() == []

    put_credit_in_force(opened.proposals.get().pk, by=a_user(), seen=0)

    kern.refresh_from_db()
    assert kern.credit_account == opened
    assert confirm_order(order.pk, by=None).status == "confirmed"
    assert verify() == []


def test_what_was_turned_down_is_asked_for_again_on_the_form(kern):
    opened = open_credit_account(kern.pk, "EUR", Grant(Decimal(5)), Told(in_days(-1)), by=a_user())
    turn_down_credit(opened.proposals.get().pk, by=a_user(), note="too much")

    grant_credit(opened.pk, Grant(Decimal(4)), by=a_user())

    assert opened.proposals.waiting().get().credit_limit == 4


def test_an_account_that_is_not_open_does_not_stand_in_the_way_of_another_in_silence(kern):
    open_credit_account(kern.pk, "EUR", Grant(Decimal(5)), Told(in_days(-1)), by=a_user())
    gone = a_customer(code="DOUBLE")
    a_credit_account(gone, 5)

    (problem,) = problems_between(hold_pair(kern.pk, gone.pk))

    assert "is not open; have it put in force first" in str(problem)


def test_the_lower_of_what_is_granted_and_insured_counts_and_cover_that_has_ended_is_none(account):
    today = in_days(0)
    assert account.limit_on(today) == 80
    assert account.limit_on(in_days(9)) == 80
    assert account.limit_on(in_days(10)) == 0
    assert a_credit_account(a_customer(), 7).limit_on(today) == 7
    free = a_credit_account(a_customer(), None, insured_limit=Decimal(3))
    assert free.limit_on(today) == 3
    assert a_credit_account(a_customer(), None).limit_on(today) is None


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def finance(kern):
    return a_user(groups=[a_group("Finance")], is_staff=True, username="fin")


def office_of(user):
    client = Client()
    client.force_login(user)
    return client


def decide(client, proposal, verdict, **values):
    url = reverse("admin:customers_creditaccount_decide", args=[proposal.account_id])
    seen = last_change(proposal.account)
    return client.post(
        url, {"proposal": proposal.pk, "seen": seen, "verdict": verdict, **values}, follow=True
    )


def shown(response):
    return " ".join(response.content.decode().split())


def test_what_waits_stands_on_the_page_with_old_and_new_and_another_decides(account, finance):
    asks = a_user(groups=[a_group("Finance")], is_staff=True, username="asks")
    proposal = asked(account, asks)
    page = reverse("admin:customers_creditaccount_change", args=[account.pk])

    own, others = (shown(office_of(user).get(page)) for user in (asks, finance))
    for text in (own, others):
        assert "<s>100.00 EUR</s>" in text
        assert "<strong>200.00 EUR</strong>" in text
        assert "new branch" in text
    assert "somebody else has to put it in force" in own
    assert 'value="approve"' not in own
    assert "Take it back" in own
    assert 'value="approve"' in others

    assert "is in force" in shown(decide(office_of(finance), proposal, "approve"))
    account.refresh_from_db()
    assert account.credit_limit == 200


def test_the_form_says_that_it_waits(account, finance):
    client = office_of(finance)
    page = reverse("admin:customers_creditaccount_change", args=[account.pk])
    terms = {name: "" if value is None else str(value) for name, value in NOW._asdict().items()}
    figures = {"as_of": in_days(-1), **dict.fromkeys(("receivables", "unapplied", "deposits", "overdue"), 0)}

    answer = client.post(
        page, {**terms, **figures, **NO_ROWS, "credit_limit": "500", "note": "x"}, follow=True
    )

    assert "waits for somebody else" in shown(answer)
    assert CreditProposal.objects.get().credit_limit == 500


def test_turning_down_takes_a_reason_and_the_decision_the_right(account, finance):
    proposal = asked(account)
    client = office_of(finance)
    assert "Say why" in shown(decide(client, proposal, "reject"))
    assert decide(client, proposal, "shrug").status_code == 400
    assert decide(client, proposal, "approve", seen="x").status_code == 400

    looks = a_user("customers.view_creditaccount", "customers.view_all_customers", is_staff=True)
    assert decide(office_of(looks), proposal, "approve").status_code == 403
    blind = a_user("customers.change_creditaccount", is_staff=True)
    assert decide(office_of(blind), proposal, "approve").status_code == 404
    assert "stays as it is" in shown(decide(client, proposal, "reject", reason="too much"))
    proposal.refresh_from_db()
    assert (proposal.decided_by, proposal.decision_note) == (finance, "too much")
    assert CreditAccount.objects.get(pk=account.pk).credit_limit == 100
