"""The pages of agreements: who may take which step, the draft's form, pace on the customer's page, and reminders."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from customers.agreement_forms import AgreementLineForm
from customers.models import Agreement
from customers.services.agreeing import Terms, draft_agreement, propose_agreement
from customers.tasks import remind_of_renewals
from inventory.models import Category, Product
from orders.services.cancelling import cancel_order
from tests.builders import (
    a_company,
    a_confirmed_order,
    a_customer,
    a_group,
    a_product,
    a_team,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db):
    a_company()
    return a_warehouse()


@pytest.fixture
def manager():
    return a_user(groups=[a_group("Sales manager")], is_staff=True, first_name="Mia", email="mia@example.com")


@pytest.fixture
def finance():
    return a_user(groups=[a_group("Finance")], is_staff=True)


@pytest.fixture
def kern(manager):
    return a_customer("Kern AG", rep=manager, team=a_team(manager))


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=500, price="10")


@pytest.fixture
def office(client):
    """Return a function that opens an agreement's page, or takes a step, as somebody; it returns what is shown."""

    def go(user, agreement, step="page", **data):
        client.force_login(user)
        url = reverse(f"admin:customers_agreement_{step}", args=[agreement.pk])
        answer = client.get(url) if step == "page" else client.post(url, data, follow=True)
        return answer.content.decode()

    return go


def drafted(customer, product, by, **terms):
    values = {"valid_from": in_days(0), "valid_to": in_days(100), "currency_id": "EUR", **terms}
    return draft_agreement(
        Terms(customer.pk, **values), [agreed(product, 8, maximum=400, committed=100)], by=by
    )


def test_a_manager_proposes_and_finance_puts_in_force(office, manager, finance, kern, bolts):
    agreement = drafted(kern, bolts, manager)

    assert "have it put in force" in office(manager, agreement)
    shown = office(manager, agreement, "propose")
    assert "waits for somebody else" in shown
    assert "/approve/" not in shown

    assert "/approve/" in office(finance, agreement)
    assert "is in force; orders of its period are priced by it" in office(finance, agreement, "approve")
    assert "ended; what was ordered before" in office(manager, agreement, "end", reason="insolvent")
    assert "ended early: insolvent" in office(manager, agreement)


def test_a_manager_may_not_approve_the_own_proposal(office, manager, kern, bolts):
    agreement = propose_agreement(drafted(kern, bolts, manager).pk, by=manager)

    assert "You proposed" in office(manager, agreement, "approve")
    agreement.refresh_from_db()
    assert agreement.status == "proposed"


def test_renewing_leads_to_the_draft_that_follows(office, manager, kern, bolts):
    old = an_agreement(kern, agreed(bolts, 8), name="Frame 2026")

    shown = office(manager, old, "renew")

    new = Agreement.objects.get(status="draft")
    assert f"{new.number} · Frame 2026" in shown
    assert "Change the draft" in shown


def test_the_page_shows_pace_what_is_left_and_the_orders_that_drew(office, manager, kern, bolts):
    a_unit(bolts, "CT", numerator=20, name="box")
    agreement = an_agreement(kern, agreed(bolts, 160, maximum=400, committed=365, unit="CT"))
    order = a_confirmed_order({bolts: 60}, customer=kern)
    gone = a_confirmed_order({bolts: 20}, customer=kern)
    cancel_order(gone.pk, by=None)

    shown = office(manager, agreement)

    assert "480.00 EUR taken, 2,920.00 EUR committed" in shown
    assert "160.00 EUR / box" in shown
    assert 'data-label="Expected by today">5<' in shown  # 100 of 365 days: 100 pieces, five boxes
    assert 'data-label="Left">17<' in shown
    assert "behind, 16 %" in shown
    assert order.number in shown
    assert gone.number not in shown


def test_a_draft_is_entered_with_its_lines_and_changed_until_it_is_proposed(client, manager, kern, bolts):
    a_unit(bolts, "CT", numerator=20)
    client.force_login(manager)
    form = {
        "customer": kern.pk, "name": "Frame", "currency": "EUR", "valid_from": in_days(0), "valid_to": in_days(9),
        "needs_approval": "on", "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0,
    }  # fmt: skip
    line = {
        "lines-0-product": bolts.pk,
        "lines-0-unit_code": "CT",
        "lines-0-price": "160",
        "lines-0-committed": "0",
    }

    wrong = client.post(reverse("admin:customers_agreement_add"), {**form, **line, "lines-0-unit_code": "XX"})
    assert "BOLT-M8 is not sold in “XX”. Its units: C62, CT." in wrong.content.decode()
    client.post(reverse("admin:customers_agreement_add"), {**form, **line})

    agreement = Agreement.objects.get()
    assert (agreement.created_by, agreement.proposed_by, agreement.version) == (manager, manager, 1)
    assert [(one.unit.code, one.price, one.maximum) for one in agreement.lines.all()] == [("CT", 160, None)]
    url = reverse("admin:customers_agreement_change", args=[agreement.pk])
    changed = {**form, **line, "lines-INITIAL_FORMS": 1, "lines-0-id": agreement.lines.get().pk}
    client.post(url, {**changed, "lines-0-agreement": agreement.pk, "lines-0-maximum": "100"})
    assert agreement.lines.get().maximum == 100

    propose_agreement(agreement.pk, by=manager)
    assert client.post(url, changed).status_code == 403


def test_a_line_by_value_is_typed_and_shown_in_money(client, office, manager, kern, bolts):
    fasteners = Category.objects.create(code="F", name="Fasteners")
    client.force_login(manager)
    form = {
        "customer": kern.pk, "name": "Volume", "currency": "EUR", "valid_from": in_days(0), "valid_to": in_days(9),
        "needs_approval": "on", "lines-TOTAL_FORMS": 1, "lines-INITIAL_FORMS": 0, "lines-0-category": fasteners.pk,
        "lines-0-percent": "5", "lines-0-committed_value": "1000", "lines-0-maximum_value": "2500.50",
    }  # fmt: skip

    client.post(reverse("admin:customers_agreement_add"), form)

    agreement = Agreement.objects.get()
    (line,) = agreement.lines.all()
    assert (line.category, line.unit, line.price, line.percent) == (fasteners, None, 0, 5)
    shown = office(manager, agreement)
    for text in ("Fasteners", "-5 %", "1,000.00 EUR", "2,500.50 EUR"):
        assert text in shown


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"percent": "5", "price": "3"}, "Enter a price or a percentage, not both."),
        ({"product": "", "price": "3"}, "Only a product has a price; enter how many percent off."),
        ({"category": "1", "price": "3"}, "Name a product or a category, not both."),
        ({"percent": "100"}, "Enter more than 0 and less than 100 percent."),
        ({"percent": "5", "unit_code": "C62"}, "Only the price of a product is per unit"),
        ({"percent": "5", "maximum": "9"}, "Only what has a price per unit is counted by quantity"),
        (
            {"price": "3", "maximum": "9", "maximum_value": "9"},
            "A line counts quantities or a value, not both.",
        ),
        (
            {"price": "3", "committed_value": "9", "maximum_value": "8"},
            "At most cannot be less than what is committed",
        ),
        ({"price": "3", "maximum_value": "0"}, "At most cannot be less than what is committed"),
        ({"price": "-3"}, "Prices and quantities are 0 or more."),
    ],
)
def test_a_line_that_says_two_things_is_refused_at_its_field(bolts, typed, problem):
    Category.objects.create(pk=1, code="F", name="Fasteners")

    form = AgreementLineForm({"product": bolts.pk, "unit_code": "", **typed})

    assert problem in str(form.errors)


def test_only_who_approves_says_that_nobody_has_to(client, kern, bolts):
    someone = a_user(
        *(f"customers.{right}_agreement" for right in ("view", "add", "change")),
        "customers.view_all_customers",
        "customers.view_customer",
        is_staff=True,
    )
    client.force_login(someone)

    client.post(
        reverse("admin:customers_agreement_add"),
        {
            "customer": kern.pk, "currency": "EUR", "valid_from": in_days(0), "valid_to": in_days(9),
            "needs_approval": "", "lines-TOTAL_FORMS": 0, "lines-INITIAL_FORMS": 0,
        },
    )  # fmt: skip

    assert Agreement.objects.get().needs_approval


def test_an_agreement_is_seen_by_who_sees_its_customer_or_one_below(kern, bolts):
    rep = a_user(groups=[a_group("Sales rep")])
    an_agreement(kern, agreed(bolts, 8))
    assert not Agreement.objects.visible_to(rep).exists()

    a_customer("Branch", parent=kern, rep=rep)

    assert Agreement.objects.visible_to(rep).exists()
    assert not Agreement.objects.visible_to(a_user("customers.view_all_customers")).exists()


def test_the_customers_page_shows_the_pace_of_its_agreements_and_of_those_above(client, manager, kern, bolts):
    branch = a_customer("Branch", parent=kern, rep=manager)
    above = an_agreement(kern, agreed(bolts, 8, committed=10))
    over = an_agreement(kern, agreed(bolts, 8), valid_to=in_days(1))
    own = an_agreement(branch, agreed(bolts, 8))
    Agreement.objects.filter(pk=over.pk).update(valid_to=in_days(0))
    client.force_login(manager)

    shown = client.get(reverse("admin:orders_customer_page", args=[branch.pk])).content.decode()

    assert f"{own.number}</a> <small>nothing committed" in shown
    assert f"{above.number}</a> <small>behind, 0 %" in shown
    assert over.number not in shown


def test_the_list_and_the_page_cost_as_many_statements_with_many_lines(client, manager, kern):
    client.force_login(manager)
    counted = []
    for many in (2, 12):
        products = [a_product() for _line in range(many)]
        agreement = an_agreement(kern, *(agreed(product, 8, committed=10) for product in products))
        pages = [
            reverse("admin:customers_agreement_page", args=[agreement.pk]),
            reverse("admin:customers_agreement_changelist"),
        ]
        client.get(pages[1])
        for page in pages:
            with CaptureQueriesContext(connection) as statements:
                assert client.get(page).status_code == 200
            counted.append(len(statements))
    assert counted[:2] == counted[2:]
    assert Product.objects.count() == 14


# --- reminders --------------------------------------------------------------------------------------------------------


def test_who_looks_after_the_customer_is_reminded_once(manager, kern, bolts):
    due = an_agreement(kern, agreed(bolts, 8), remind_on=in_days(-1))
    an_agreement(kern, agreed(bolts, 8), remind_on=in_days(1))

    assert [remind_of_renewals(), remind_of_renewals()] == [1, 0]

    (letter,) = mail.outbox
    assert letter.to == ["mia@example.com"]
    assert letter.subject == f"{due.number} Kern AG"
    assert [event.kind for event in due.events.all()][-1] == "renewal due"


def test_a_reminder_that_could_not_be_sent_is_tried_again(manager, kern, bolts, monkeypatch):
    due = an_agreement(kern, agreed(bolts, 8), remind_on=in_days(0))

    def down(_agreement):
        raise OSError("no mail server")

    with monkeypatch.context() as broken:
        broken.setattr("customers.tasks.remind_of_renewal", down)
        assert remind_of_renewals() == 0
    assert remind_of_renewals() == 0  # somebody else may still be at it

    Agreement.objects.update(next_try_at=due.next_try_at)
    assert remind_of_renewals() == 1
    assert len(mail.outbox) == 1


def test_home_lists_what_is_to_be_renewed(client, manager, kern, bolts):
    due = an_agreement(kern, agreed(bolts, 8), remind_on=in_days(0))
    client.force_login(manager)

    assert f"{due.number} {kern}" in client.get(reverse("admin:index")).content.decode()
    listed = client.get(reverse("admin:customers_agreement_changelist"), {"days": "renew"}).content.decode()
    assert due.number in listed
