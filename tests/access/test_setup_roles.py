"""`setup_roles` leaves the groups as access.yml says, whatever was there."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms import access
from oms.access import matrix, permissions_of, setup_roles
from tests.builders import a_group, a_user

pytestmark = pytest.mark.django_db


def rights_of(role):
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_each_role_is_a_group_with_exactly_its_permissions():
    assert setup_roles() == list(matrix()["roles"])

    assert {role: rights_of(role) for role in matrix()["roles"]} == {
        role: permissions_of(role) for role in matrix()["roles"]
    }


def test_what_was_given_or_taken_by_hand_is_set_right_and_other_groups_and_people_stay():
    setup_roles()
    buyer, own = Group.objects.get(name="Buyer"), a_group("Own")
    person = a_user(groups=[buyer])
    surplus = Permission.objects.get(codename="delete_user")
    buyer.permissions.add(surplus)
    own.permissions.add(surplus)
    buyer.permissions.remove(Permission.objects.get(codename="add_purchaseorder"))

    setup_roles()

    assert rights_of("Buyer") == permissions_of("Buyer")
    assert rights_of("Own") == {"oms.delete_user"}
    assert list(person.groups.all()) == [buyer]


def test_run_again_it_changes_nothing():
    setup_roles()
    with CaptureQueriesContext(connection) as made:
        setup_roles()

    writing = [
        query["sql"] for query in made if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert [sql.split("(")[0].strip() for sql in writing] == ['INSERT INTO "auth_group"']


def test_a_permission_that_does_not_exist_changes_nothing(monkeypatch):
    monkeypatch.setattr(access, "matrix", lambda: {"roles": {"New": [{"oms": ["fly"]}]}})

    with pytest.raises(LookupError, match=r"gives New what does not exist: oms\.fly"):
        setup_roles()
    assert not Group.objects.filter(name="New").exists()
