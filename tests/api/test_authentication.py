"""Who gets in: people with a session, machines with a key."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from oms.api.keys import hash_of, issue_key
from oms.models import ApiClient
from tests.api.machine import Machine
from tests.builders import a_boss, a_customer, a_product, a_user

PATHS = ["v1/products/", "v1/orders/SO-1/", "v1/nothing/", "schema/", ""]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("header", [None, "Bearer wrong", "Bearer", "Bearer \x00é", "Basic YTpi", "Token x"])
def test_strangers_get_one_answer_and_no_redirect(db, path, header):
    answer = Client(headers={"Authorization": header} if header else {}).get(f"/api/{path}")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"


def test_unknown_revoked_expired_and_left_are_told_the_same(house):
    def answer(**changes):
        user = a_user("inventory.view_product")
        machine = Machine(user)
        assert machine.get("v1/products/").status_code == 200
        ApiClient.objects.filter(user=user).update(**changes)
        return machine.get("v1/products/")

    def of_somebody_who_left():
        user = a_user("inventory.view_product")
        machine = Machine(user)
        user.is_active = False
        user.save()
        return machine.get("v1/products/")

    answers = [
        Client(headers={"Authorization": "Bearer unknown"}).get("/api/v1/products/"),
        answer(revoked_at=timezone.now()),
        answer(expires_at=timezone.now()),
        of_somebody_who_left(),
    ]

    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1


def test_a_key_is_long_random_shown_once_and_kept_as_a_hash(db):
    user = a_user(username="robot")
    out = StringIO()

    call_command("make_api_key", "robot", "the web shop", "--days", "30", stdout=out)

    key = out.getvalue().strip()
    client = ApiClient.objects.get()
    assert len(key) >= 43  # 256 bits
    assert (client.user, client.name, client.key_hash) == (user, "the web shop", hash_of(key))
    assert key not in str(client.__dict__)
    assert timedelta(days=29) < client.expires_at - timezone.now() < timedelta(days=31)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nobody", "x"], "no user"),
        (["robot", " "], "Name the machine"),
        (["robot", "x", "--days", "366"], "1 to 365"),
        (["robot", "x", "--days", "1e2"], "1e2"),
        (["boss", "x"], "of the office"),
        (["left", "x"], "inactive"),
    ],
)
def test_no_key_is_made_for_what_makes_no_sense(db, arguments, reason):
    a_user(username="robot")
    a_user(username="boss", is_staff=True)
    a_user(username="left", is_active=False)

    with pytest.raises(CommandError, match=reason):
        call_command("make_api_key", *arguments)
    assert not ApiClient.objects.exists()


def test_the_last_use_is_noted_at_most_once_a_minute(house, django_assert_num_queries):
    user = a_boss()
    machine = Machine(user)
    machine.get("v1/nothing/")
    first = ApiClient.objects.get().last_used_at
    assert first is not None

    with django_assert_num_queries(1):  # the key, and no note
        machine.get("v1/nothing/")
    assert ApiClient.objects.get().last_used_at == first

    ApiClient.objects.update(last_used_at=first - timedelta(minutes=2))
    machine.get("v1/nothing/")
    assert ApiClient.objects.get().last_used_at > first


def test_a_person_may_use_the_session_but_needs_the_csrf_token_to_change_anything(house):
    user, customer, bolts = a_boss(), a_customer(), a_product()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    body = {"customer": customer.code, "lines": [{"sku": bolts.sku, "quantity": 1}]}

    def post(**headers):
        return browser.post(
            "/api/v1/orders/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "1", **headers},
        )

    assert browser.get("/api/v1/products/").status_code == 200
    without = post()
    assert (without.status_code, without["Content-Type"]) == (403, "application/problem+json")
    browser.cookies["oms_csrf"] = "a" * 32
    assert post(**{"X-CSRFToken": "a" * 32}).status_code == 201


def test_a_machine_needs_no_csrf_token(house):
    customer, bolts, key = a_customer(), a_product(), issue_key(a_boss(), "x")
    body = {"customer": customer.code, "lines": [{"sku": bolts.sku, "quantity": 1}]}

    answer = Client(enforce_csrf_checks=True).post(
        "/api/v1/orders/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "1"},
    )

    assert answer.status_code == 201
