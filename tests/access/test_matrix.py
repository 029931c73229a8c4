"""Nothing is reachable that is not listed in access.yml, and what is listed opens to exactly whom it says."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from oms.access import matrix
from oms.models import User
from orders.models import Order
from tests.access.entrances import CATCH_ALL, PAGES, addresses, admin_actions, model_pages, tasks
from tests.access.world import MODELS, World, build
from tests.builders import a_user
from tests.shared import shared_by_the_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpainted")]

BY_MODEL = "view of the model asked for"
REFUSED = {401, 403, 404, 405}
SHUT = {401, 403}
ROLES = [*matrix()["roles"], "nobody in particular", "a stranger"]


world = shared_by_the_module(build)


def rules() -> dict[tuple[str, str], str]:
    """What opens each (method, address)."""
    found = {}
    for rule, names in matrix()["entrances"].items():
        for name in names:
            method, _space, address = name.rpartition(" ")
            for one in [method] if method else ["GET", "POST"]:
                found[one, address] = rule
    return found


def test_every_address_is_listed_and_every_listed_one_exists():
    named = {address.name for address in addresses()} - {CATCH_ALL} - model_pages()

    assert {address for _method, address in rules()} == named


def test_every_model_in_the_admin_is_listed():
    assert (
        set(matrix()["models"]) == {model._meta.label_lower for model in admin.site._registry} == set(MODELS)
    )


def test_every_bulk_action_is_listed():
    found = {model: names for model, names in admin_actions().items() if names}

    assert {model: sorted(names) for model, names in matrix()["actions"].items()} == found


def test_every_task_is_listed():
    assert matrix()["tasks"] == tasks()


def test_every_rule_names_a_right_that_somebody_has():
    given = {
        f"{app}.{name}"
        for role in matrix()["roles"].values()
        for part in role
        for app, ns in part.items()
        for name in ns
    }
    asked = set(matrix()["entrances"]) - {"everybody", "signed in", "nobody", BY_MODEL}

    assert asked <= given


def person(world: World, role: str) -> User | None:
    if role == "a stranger":
        return None
    if role == "nobody in particular":
        return a_user(is_staff=True)
    return world.people[role]


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    return client


def is_open(rule: str, user: User | None) -> bool:
    if rule == "everybody":
        return True
    if user is None or rule == "nobody":
        return False
    return rule == "signed in" or user.has_perm(rule)


def requests(world: World) -> Iterator[tuple[str, str, str]]:
    """Yield method, address and rule for everything but the models' pages."""
    listed = rules()
    for address in sorted(set(addresses()), key=lambda a: (a.name, a.takes)):
        if address.name == CATCH_ALL or address.name in model_pages():
            continue
        url = reverse(address.name, kwargs=world.arguments(address.name, address.takes))
        for method in ("GET", "POST"):
            if listed.get((method, address.name), BY_MODEL) != BY_MODEL and "logout" not in address.name:
                yield method, url, listed[method, address.name]


def is_shut(response: Any) -> bool:
    """Whether the answer, or the page it leads to, is a refusal or the sign-in page."""
    return response.status_code in SHUT or led_to(response) == reverse("admin:login")


def is_refused(response: Any) -> bool:
    """Whether nothing was opened: shut, not there, or the way home."""
    return is_shut(response) or response.status_code in REFUSED or led_to(response) == reverse("admin:index")


def led_to(response: Any) -> str:
    return str(urlsplit(response.redirect_chain[-1][0]).path) if response.redirect_chain else ""


def writes() -> list[tuple[str, int]]:
    """How often each table was written to in this transaction, by PostgreSQL's own count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables ORDER BY 1"
        )
        return cursor.fetchall()


def test_the_walk_notices_a_write(world):
    before = writes()
    Order.objects.update(note="written")

    assert before != writes()


@pytest.mark.parametrize("role", ROLES)
def test_an_address_opens_to_exactly_whom_the_matrix_says(world, role):
    user = person(world, role)
    client, surprises = client_of(user), []
    before = writes()
    for method, url, rule in requests(world):
        allowed = is_open(rule, user)
        if allowed and method == "POST":
            continue  # what a permitted POST does is tested where it belongs
        response = client.get(url, follow=True) if method == "GET" else client.post(url, follow=True)
        good = not is_shut(response) if allowed else is_refused(response)
        now = writes()
        written, before = not allowed and now != before, now
        if not good or response.status_code >= 500 or written:
            surprises.append(
                (method, url, response.status_code, "open" if allowed else "shut", rule, written)
            )

    assert not surprises, "\n".join(map(str, surprises))


def page_rule(label: str, page: str) -> str:
    app, model = label.split(".")
    verb = {"add": "add", "delete": "delete"}.get(page, "view")
    return str(matrix()["models"][label].get(page, f"{app}.{verb}_{model}"))


@pytest.mark.parametrize("role", ROLES)
def test_the_pages_of_a_model_open_to_exactly_whom_the_matrix_says(world, role):
    user = person(world, role)
    client, surprises = client_of(user), []
    for label, model in MODELS.items():
        row = model._default_manager.order_by("pk").first()
        for page in PAGES:
            takes = [] if page in {"changelist", "export", "add"} else [row.pk]
            url = reverse(f"admin:{label.replace('.', '_')}_{page}", args=takes)
            rule = page_rule(label, page)
            allowed = is_open(rule, user)
            response = client.get(url, follow=True)
            good = not is_shut(response) if allowed else is_refused(response)
            if not good or response.status_code >= 500:
                surprises.append((url, response.status_code, "open" if allowed else "shut", rule))

    assert not surprises, "\n".join(map(str, surprises))


@pytest.mark.parametrize("role", ROLES)
def test_looking_up_customers_opens_to_who_may_see_them(world, role):
    user = person(world, role)
    asked = {"app_label": "customers", "model_name": "address", "field_name": "customer", "term": ""}

    response = client_of(user).get(reverse("admin:autocomplete"), asked, follow=True)

    assert is_refused(response) != is_open("customers.view_customer", user)


@pytest.mark.parametrize("role", ROLES[:-1])
def test_a_bulk_action_is_offered_to_exactly_whom_the_matrix_says(world, role):
    user, request = person(world, role), RequestFactory().get("/")
    request.user = user
    for model, model_admin in admin.site._registry.items():
        listed = matrix()["actions"].get(model._meta.label_lower, {})
        offered = set(model_admin.get_actions(request))
        assert offered == {name for name, right in listed.items() if user.has_perm(right)}, model


def test_a_person_without_rights_is_noticed_when_a_page_forgets_to_ask(world, monkeypatch):
    """The control: with every check answering yes, the walk above has to fail."""
    monkeypatch.setattr(User, "has_perm", lambda *_args: True)
    user = a_user(is_staff=True)
    response = client_of(user).get(reverse("admin:orders_order_changelist"))

    assert response.status_code == 200
