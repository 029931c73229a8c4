"""The page of a schedule: who sees it and plans, calls off on the phone, what is refused, and where it is found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import CallOff, CallOffSchedule, Order
from orders.services.calling_off import call_off_due
from orders.services.scheduling import Portions, plan_call_offs
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_product,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    an_address,
    an_agreement,
    in_days,
)
from tests.shared import shared_by_the_module

pytestmark = pytest.mark.django_db


class House:
    """A rep whose customer has an agreement in boxes of 20, another rep, and finance."""

    def __init__(self) -> None:
        a_company()
        bolts = a_product("BOLT-M8", on_hand=500, at=a_warehouse(), price="10")
        a_unit(bolts, "CT", 20, name="box")
        self.rep = a_user(groups=[a_group("Sales rep")], is_staff=True)
        self.other = a_user(groups=[a_group("Sales rep")], is_staff=True)
        self.finance = a_user(groups=[a_group("Finance")], is_staff=True)
        self.kern = a_customer("Kern AG", rep=self.rep)
        self.yard = an_address(self.kern, "YARD")
        self.agreement = an_agreement(self.kern, agreed(bolts, 160, maximum=400, unit="CT"))

    def planned(self, *days: int) -> list[CallOff]:
        line = self.agreement.lines.get()
        for n in days:
            portions = Portions(line.pk, self.yard.pk, 100, in_days(n))
            plan_call_offs(self.agreement.pk, portions, by=None)
        return list(CallOff.objects.all())


house = shared_by_the_module(House)


@pytest.fixture
def office(client, house):
    """Return a function that opens the schedule, or takes a step, as somebody; it returns what is shown."""

    def go(user, step="call_offs", **data):
        client.force_login(user)
        url = reverse(f"admin:orders_agreement_{step}", args=[house.agreement.pk])
        answer = client.get(url) if step == "call_offs" else client.post(url, data, follow=True)
        return answer.content.decode() if answer.status_code == 200 else answer.status_code

    return go


def typed(house, **data):
    line = house.agreement.lines.get().pk
    known = {"line": line, "ship_to": house.yard.pk, "quantity": "5", "first": in_days(30), "count": 3}
    return {**known, "interval": "monthly_weekday", **data}


def test_a_rep_plans_several_days_in_the_unit_that_is_agreed(office, house):
    shown = office(house.rep, "plan", **typed(house))

    assert "Planned for 3 days, from " in shown
    assert list(CallOff.objects.values_list("quantity", "ship_to")) == [(100, house.yard.pk)] * 3
    assert 'data-label="To come">15<' in shown
    assert 'data-label="Left to plan">5<' in shown
    assert shown.count("planned, called off on") == 3


def test_what_is_refused_stays_typed(office, house):
    shown = office(house.rep, "plan", **typed(house, quantity="10"))

    assert "at most 20 box are agreed" in shown
    assert "Plan 10 box less" in shown
    assert 'value="10"' in shown
    for text in ("many", "1,000"):  # which some read as one and others as a thousand
        assert "is not a number" in office(house.rep, "plan", **typed(house, quantity=text))
    assert "smaller quantity" in office(house.rep, "plan", **typed(house, quantity="9" * 12))
    assert "choose days from" in office(house.rep, "plan", **typed(house, first="9999-12-31"))
    assert not CallOff.objects.exists()


def test_a_rep_calls_off_on_the_phone_and_the_page_leads_to_the_order(office, house):
    one, _later = house.planned(30, 60)

    shown = office(house.rep, "call", call_off=one.pk)

    order = Order.objects.get()
    assert f"{order} was made and submitted." in shown
    assert reverse("admin:orders_order_change", args=[order.pk]) in shown
    assert (order.ship_to, order.created_by) == (house.yard, house.rep)
    assert f"called off already: {order}" in office(house.rep, "call", call_off=one.pk)


def test_a_form_that_is_sent_twice_calls_off_once(client, house):
    (one,) = house.planned(30)
    client.force_login(house.rep)
    url = reverse("admin:orders_agreement_call", args=[house.agreement.pk])

    shown = [client.post(url, {"call_off": one.pk, "operation": "a"}, follow=True) for _twice in range(2)]

    assert ["was made and submitted" in answer.content.decode() for answer in shown] == [True, True]
    assert Order.objects.count() == 1


def test_a_call_off_is_changed_skipped_and_planned_again(office, house):
    (one,) = house.planned(30)

    office(house.rep, "change", call_off=one.pk, requested_on=in_days(31), quantity="2.5")
    one.refresh_from_db()
    assert (one.requested_on, one.quantity) == (in_days(31), 50)
    assert "Enter a valid date" in office(
        house.rep, "change", call_off=one.pk, quantity="2", requested_on="x"
    )
    assert "/plan-again/" in office(house.rep, "skip", call_off=one.pk)
    assert "is planned again" in office(house.rep, "plan_again", call_off=one.pk)


def test_how_far_ahead_and_the_po_number_are_set(office, house):
    assert "7 days before" in office(house.rep, "terms", lead_days=7, customer_po="FRAME-7")
    office(house.rep, "terms", lead_days=900)

    schedule = CallOffSchedule.objects.get()
    assert (schedule.lead_days, schedule.customer_po) == (7, "FRAME-7")


def test_a_draft_shows_why_on_the_page_and_on_the_home_of_who_looks_after_it(office, client, house):
    house.planned(5)
    house.kern.__class__.objects.update(po_required=True)
    call_off_due()

    assert "requires one; enter it in the header" in office(house.rep)
    assert "requires one; enter it in the header" in client.get(reverse("admin:index")).content.decode()
    client.force_login(house.other)
    assert "requires one" not in client.get(reverse("admin:index")).content.decode()


def test_only_who_sees_the_customer_sees_the_schedule_and_finance_only_reads(office, house):
    (one,) = house.planned(30)

    assert [office(house.other), office(house.other, "call", call_off=one.pk)] == [404, 404]
    shown = office(house.finance)
    assert "BOLT-M8" in shown
    assert '<form method="post" action="/admin/customers/agreement/' not in shown
    assert office(house.finance, "call", call_off=one.pk) == 403
    assert office(house.finance, "plan", **typed(house)) == 403


def test_a_call_off_of_another_agreement_is_not_found(office, house):
    (one,) = house.planned(30)
    CallOffSchedule.objects.update(agreement=an_agreement(house.kern, agreed(one.agreement_line.product, 9)))

    assert office(house.rep, "call", call_off=one.pk) == 404


def test_the_agreement_and_the_customer_lead_to_the_schedule(client, house):
    house.planned(30)
    client.force_login(house.rep)
    url = reverse("admin:orders_agreement_call_offs", args=[house.agreement.pk])

    for name, pk in (
        ("customers_agreement_page", house.agreement.pk),
        ("orders_customer_page", house.kern.pk),
    ):
        shown = client.get(reverse(f"admin:{name}", args=[pk])).content.decode()
        assert url in shown
        assert "5 box BOLT-M8" in shown


def test_the_number_of_statements_does_not_grow_with_the_call_offs(client, house):
    client.force_login(house.rep)
    url = reverse("admin:orders_agreement_call_offs", args=[house.agreement.pk])

    def statements(*days: int) -> int:
        house.planned(*days)
        call_off_due()
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    assert statements(1) == statements(8, 12, 40)
