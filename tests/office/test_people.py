from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from oms.api.keys import client_with, hash_of, issue_key
from oms.models import ApiClient, Company, Currency, User
from oms.users import CannotGrant, Rights, require_is_machine, require_may_grant, rights_of
from tests.builders import a_boss, a_company, a_currency, a_user

pytestmark = pytest.mark.django_db

PEOPLE = "/admin/oms/user/"
PASSWORD = "a rather long password"


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def an_administrator() -> User:
    return a_user(groups=[role("Administrator")], is_staff=True)


@pytest.fixture
def administrator(client):
    person = an_administrator()
    client.force_login(person)
    return person


def page_of(person: User) -> str:
    return f"{PEOPLE}{person.pk}/change/"


def as_posted(person: User, **changes: object) -> dict[str, object]:
    plain = {name: getattr(person, name) for name in ("username", "first_name", "last_name", "email")}
    flags = {name: "on" for name in ("is_active", "is_staff") if getattr(person, name)}
    return {**plain, **flags, "groups": [group.pk for group in person.groups.all()], **changes}


# --- who may give rights ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [an_administrator, a_boss])
@pytest.mark.parametrize(
    "wanted",
    [
        {"roles": frozenset({"Administrator", "Finance"})},
        {"is_superuser": True},
        {"is_staff": False},
        {"is_active": False},
    ],
)
def test_nobody_changes_their_own_rights(make, wanted):
    person = make()
    kept = rights_of(person)
    asked = {name: getattr(kept, name) for name in Rights.__slots__}
    asked["is_superuser"] = not kept.is_superuser if "is_superuser" in wanted else kept.is_superuser

    with pytest.raises(CannotGrant):
        require_may_grant(
            person, Rights(**{**asked, **{k: v for k, v in wanted.items() if k != "is_superuser"}}), by=person
        )


def test_keeping_the_own_rights_is_no_change():
    person = an_administrator()

    require_may_grant(person, rights_of(person), by=person)


def test_only_a_superuser_makes_or_unmakes_one():
    admin, boss, other = an_administrator(), a_boss(), a_user()

    with pytest.raises(CannotGrant):
        require_may_grant(other, Rights(is_superuser=True), by=admin)
    with pytest.raises(CannotGrant):
        require_may_grant(boss, Rights(), by=admin)
    require_may_grant(other, Rights(is_superuser=True), by=boss)


def test_a_key_is_for_a_machine_and_never_for_a_person():
    with pytest.raises(CannotGrant):
        require_is_machine(a_boss())
    with pytest.raises(CannotGrant):
        require_is_machine(a_user(is_staff=True))
    with pytest.raises(CannotGrant):
        require_is_machine(a_user(is_active=False))
    require_is_machine(a_user())


# --- the pages -------------------------------------------------------------------------------------------------------


def test_an_administrator_gives_a_role(client, administrator):
    rep = a_user(is_staff=True)

    answer = client.post(page_of(rep), as_posted(rep, groups=[role("Sales rep").pk]))

    assert answer.status_code == 302
    assert [group.name for group in rep.groups.all()] == ["Sales rep"]


def test_an_administrator_adds_somebody_who_can_sign_in(client, administrator):
    answer = client.post(
        f"{PEOPLE}add/",
        {"username": "ana", "password1": PASSWORD, "password2": PASSWORD, "groups": [role("Sales rep").pk]},
    )

    assert answer.status_code == 302
    ana = User.objects.get(username="ana")
    assert (ana.is_staff, ana.is_superuser, ana.has_perm("orders.add_order")) == (True, False, True)
    client.logout()
    assert client.login(username="ana", password=PASSWORD)


@pytest.mark.parametrize(
    "promotion", [{"is_superuser": "on"}, {"groups": "all"}, {"user_permissions": "all"}, {"is_staff": ""}]
)
def test_an_administrator_cannot_promote_themselves(client, administrator, promotion):
    everything = list(Group.objects.values_list("pk", flat=True))
    asked = {name: everything if value == "all" else value for name, value in promotion.items()}

    client.post(page_of(administrator), as_posted(administrator, **asked))

    kept = User.objects.get(pk=administrator.pk)
    assert (kept.is_superuser, kept.is_staff) == (False, True)
    assert [group.name for group in kept.groups.all()] == ["Administrator"]
    assert not kept.user_permissions.exists()


def test_an_administrator_changes_the_own_name(client, administrator):
    client.post(page_of(administrator), as_posted(administrator, first_name="Ana"))

    assert User.objects.get(pk=administrator.pk).first_name == "Ana"


def test_an_administrator_makes_no_superuser(client, administrator):
    rep = a_user(is_staff=True)

    client.post(page_of(rep), as_posted(rep, is_superuser="on", user_permissions=[1, 2, 3]))

    assert not User.objects.get(pk=rep.pk).is_superuser
    assert not rep.user_permissions.exists()


def test_an_administrator_does_not_take_over_a_superuser(client, administrator):
    boss = a_boss()

    changed = client.post(page_of(boss), as_posted(boss, email="mine@example.com"))
    password = client.post(
        f"{PEOPLE}{boss.pk}/password/",
        {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
    )

    assert (changed.status_code, password.status_code) == (403, 403)
    assert User.objects.get(pk=boss.pk).check_password("a long enough password")


def test_an_administrator_sets_the_password_of_somebody_else(client, administrator):
    rep = a_user(is_staff=True)

    answer = client.post(
        f"{PEOPLE}{rep.pk}/password/",
        {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"},
    )

    assert answer.status_code == 302
    assert User.objects.get(pk=rep.pk).check_password(PASSWORD)


def test_who_loses_their_status_is_out_at_once(client, administrator):
    rep = a_user(is_staff=True)
    theirs = type(client)()
    theirs.force_login(rep)
    assert theirs.get("/admin/").status_code == 200

    client.post(page_of(rep), as_posted(rep, is_active=""))

    assert theirs.get("/admin/").status_code == 302


@pytest.mark.parametrize("name", ["Sales rep", "Sales manager", "Warehouse supervisor", "Finance", "Buyer"])
def test_other_roles_open_neither_people_nor_settings(client, name):
    client.force_login(a_user(groups=[role(name)], is_staff=True))
    a_company()

    for path in (
        PEOPLE,
        "/admin/auth/group/",
        "/admin/oms/company/1/change/",
        "/admin/oms/apiclient/",
        "/admin/oms/currency/",
    ):
        assert client.get(path).status_code == 403, path
    assert client.post(f"{PEOPLE}add/", {"username": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "x" * 151),
        ("username", "a b"),
        ("username", "a\0b"),
        ("email", "nobody"),
        ("groups", ["0"]),
        ("groups", ["x"]),
        ("groups", [str(2**70)]),
    ],
)
def test_a_form_about_a_person_with_nonsense_is_shown_again(client, administrator, field, value):
    rep = a_user(is_staff=True)

    assert client.post(page_of(rep), as_posted(rep, **{field: value})).status_code == 200


def test_people_are_not_deleted(client):
    client.force_login(a_boss())
    rep = a_user()

    assert client.post(f"{PEOPLE}{rep.pk}/delete/", {"post": "yes"}).status_code == 403
    answer = client.post(PEOPLE, {"action": "delete_selected", "_selected_action": [rep.pk], "post": "yes"})

    assert answer.status_code in (200, 302)
    assert User.objects.filter(pk=rep.pk).exists()


@pytest.mark.parametrize(
    ("path", "statements"), [(PEOPLE, 9), ("/admin/auth/group/", 7), ("/admin/oms/apiclient/", 7)]
)
def test_a_list_costs_the_same_for_any_number_of_rows(client, path, statements):
    client.force_login(a_boss())
    counts = []
    for size in (2, 12):
        for _n in range(size):
            issue_key(a_user(groups=[role("Sales rep")]), "x")
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        counts.append(len(found))

    assert counts[0] == counts[1] == statements


def test_roles_are_read_with_their_rights(client, administrator):
    page = client.get(reverse("admin:auth_group_change", args=[role("Sales rep").pk]))

    assert b"Can confirm an order" in page.content
    assert b'name="_save"' not in page.content
    assert (
        client.post(
            reverse("admin:auth_group_change", args=[role("Sales rep").pk]), {"name": "x"}
        ).status_code
        == 403
    )


# --- keys ------------------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_works(client, administrator):
    machine = a_user(groups=[role("API client")], username="shop")

    answer = client.post(
        "/admin/oms/apiclient/add/", {"name": "shop", "user": machine.pk, "days": "30"}, follow=True
    )
    kept = ApiClient.objects.get()
    message = next(str(m) for m in answer.context["messages"] if "Copy the key" in str(m))
    key = next(word for word in message.split() if hash_of(word) == kept.key_hash)

    assert client_with(key) == kept
    assert kept.expires_at < timezone.now() + timedelta(days=31)
    again = client.get(f"/admin/oms/apiclient/{kept.pk}/change/").content.decode()
    assert key not in again
    assert kept.key_hash not in again


@pytest.mark.parametrize(
    "change", [{"days": "0"}, {"days": "366"}, {"days": "1e1"}, {"name": ""}, {"user": "0"}, {"user": "x"}]
)
def test_a_form_for_a_key_with_nonsense_is_shown_again(client, administrator, change):
    machine = a_user()

    answer = client.post(
        "/admin/oms/apiclient/add/", {"name": "shop", "user": machine.pk, "days": "30", **change}
    )

    assert answer.status_code == 200
    assert not ApiClient.objects.exists()


def test_no_key_acts_as_a_person(client, administrator):
    client.post("/admin/oms/apiclient/add/", {"name": "mine", "user": a_boss().pk, "days": "30"})
    client.post("/admin/oms/apiclient/add/", {"name": "mine", "user": administrator.pk, "days": "30"})

    assert not ApiClient.objects.exists()


def test_a_key_is_revoked(client, administrator):
    key = issue_key(a_user(), "shop")
    kept = ApiClient.objects.get()

    client.post("/admin/oms/apiclient/", {"action": "revoke", "_selected_action": [kept.pk]})

    assert client_with(key) is None
    kept.refresh_from_db()
    assert kept.revoked_at


# --- the company -----------------------------------------------------------------------------------------------------


def a_company_form(**changes: object) -> dict[str, object]:
    a_currency()
    return {
        "name": "Nordwerk", "street": "Kai 1", "postal_code": "20457", "city": "Hamburg", "country": "DE", "email": "",
        "phone": "", "vat_number": "DE136695976", "bank_name": "", "iban": "DE89370400440532013000", "bic": "",
        "currency": "EUR", "zone": "Europe/Berlin", "language": "en", "tax_rounding": "group", **changes,
    }  # fmt: skip


def test_the_company_is_set_up_once_and_then_changed(client, administrator):
    first = client.get("/admin/oms/company/")
    made = client.post("/admin/oms/company/add/", a_company_form())
    then = client.get("/admin/oms/company/")
    changed = client.post("/admin/oms/company/1/change/", a_company_form(name="Südwerk"))

    assert first["Location"] == reverse("admin:oms_company_add")
    assert (made.status_code, changed.status_code) == (302, 302)
    assert then["Location"] == reverse("admin:oms_company_change", args=[1])
    assert Company.objects.get().name == "Südwerk"
    assert client.get("/admin/oms/company/add/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("vat_number", "DE136695977", "not a VAT number"),
        ("iban", "DE89370400440532013001", "not an IBAN"),
        ("iban", "x\0", "Null characters"),
        ("bic", "NOBANK", "not a BIC"),
        ("zone", "Mars/Olympus", "not a time zone"),
        ("country", "D1", "two letters"),
        ("currency", "XXX", "not one of the available choices"),
        ("name", "", "required"),
        ("email", "nobody", "valid email"),
    ],
)
def test_a_company_form_says_what_is_wrong(client, administrator, field, value, said):
    answer = client.post("/admin/oms/company/add/", a_company_form(**{field: value}))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Company.objects.exists()


def test_a_currency_keeps_its_decimals(client, administrator):
    a_currency("EUR", 2)

    client.post("/admin/oms/currency/EUR/change/", {"code": "EUR", "name": "Euro", "exponent": "0"})

    assert (Currency.objects.get().name, Currency.objects.get().exponent) == ("Euro", 2)
