"""One statement finds exactly the rights that Django would find in two."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, Permission

from oms.models import User
from oms.rights import Rights
from tests.builders import a_group, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def sellers():
    group = a_group("Sellers")
    group.permissions.set(Permission.objects.filter(codename__in=["view_order", "add_order", "view_quote"]))
    return group


def people(sellers):
    ship = a_group("Shippers")
    ship.permissions.set(Permission.objects.filter(codename__in=["view_shipment", "view_order"]))
    return {
        "nothing": a_user(),
        "their own": a_user("orders.view_order", "orders.submit_order"),
        "a group's": a_user(groups=[sellers]),
        "both, twice the same": a_user("orders.view_order", "orders.submit_order", groups=[sellers, ship]),
        "everything": a_user(is_superuser=True),
        "gone": a_user("orders.view_order", groups=[sellers], is_active=False),
        "gone with everything": a_user(is_superuser=True, is_active=False),
    }


def test_everybody_has_exactly_what_django_would_find(sellers):
    there = people(sellers)
    found = {who: user.get_all_permissions() for who, user in there.items()}
    fresh = {who: User.objects.get(pk=user.pk) for who, user in there.items()}

    assert found == {who: ModelBackend().get_all_permissions(user) for who, user in fresh.items()}
    assert found["both, twice the same"] == {
        "orders.view_order", "orders.add_order", "orders.view_quote", "orders.submit_order",
        "fulfillment.view_shipment",
    }  # fmt: skip
    assert len(found["everything"]) == Permission.objects.count()
    assert found["gone"] == found["gone with everything"] == set()


def test_a_stranger_and_a_question_about_one_object_get_nothing(sellers):
    user = a_user("orders.view_order")

    assert Rights().get_all_permissions(AnonymousUser()) == set()
    assert not user.has_perm("orders.view_order", sellers)


def test_rights_are_read_once_and_anew_for_the_next_request(django_assert_num_queries):
    user = a_user()
    with django_assert_num_queries(1):
        assert not user.has_perm("orders.view_order")
        assert not user.has_perm("orders.submit_order")
    user.user_permissions.add(Permission.objects.get(codename="view_order"))

    assert not user.has_perm("orders.view_order")
    assert User.objects.get(pk=user.pk).has_perm("orders.view_order")
