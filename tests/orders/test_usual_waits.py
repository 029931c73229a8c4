"""How long people usually take to decide is said beside whom a draft will need, and on what waits for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import ApprovalRequest
from orders.services import usual_waits as module
from orders.services.approving import decide
from orders.services.submitting import submit_order
from orders.services.usual_waits import usual_waits
from orders.status import Verdict
from orders.waiting import about
from tests.builders import a_boss, a_company, a_group, a_product, a_rule, a_user, a_warehouse, an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule():
    a_company()
    a_warehouse("MAIN")
    return a_rule(threshold=5, approvers=a_group("Deciders"))


def decided_after(*hours):
    """One more decision for each of these waits."""
    decider, bolt = a_user(groups=[a_group("Deciders")]), a_product(f"BOLT-{ApprovalRequest.objects.count()}")
    for wait in hours:
        request = submit_order(an_order({bolt: 1}).pk, by=a_user()).approvals.get()
        ApprovalRequest.objects.filter(pk=request.pk).update(
            requested_at=timezone.now() - timedelta(hours=wait)
        )
        decide(request.pk, Verdict.APPROVE, by=decider)


def test_the_median_of_late_is_said_where_enough_was_decided(client, rule, monkeypatch):
    boss = a_boss()
    client.force_login(boss)
    order = an_order({a_product("NUT"): 1}, by=boss)
    pad = reverse("admin:orders_order_pad", args=[order.number])
    decided_after(1, 2, 2, 300)
    assert "usually" not in client.get(pad).content.decode()

    decided_after(30)

    assert "Will need Deciders: total 10 is above 5" in client.get(pad).content.decode()
    assert "(usually about 2 h)" in client.get(pad).content.decode()
    submit_order(order.pk, by=boss)
    page = client.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert "Usual wait: 2 h." in page
    monkeypatch.setattr(module, "OF_LATE", timedelta(0))
    assert usual_waits([rule.pk]) == {}


def test_it_takes_one_statement_for_any_number_of_rules_and_none_for_none(rule):
    decided_after(*[1] * 5)
    other = a_rule(threshold=5)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert usual_waits([]) == {}
        assert usual_waits([rule.pk, other.pk]).keys() == {rule.pk}
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (timedelta(seconds=5), "5 min"),
        (timedelta(minutes=57), "55 min"),
        (timedelta(minutes=58), "1 h"),
        (timedelta(hours=35), "35 h"),
        (timedelta(hours=36), "2 days"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_a_wait_is_said_as_people_do(wait, said):
    assert about(wait) == said
