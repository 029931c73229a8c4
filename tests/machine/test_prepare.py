"""Whom `make run` finds in the database decides whether the demo moves in."""

import pytest
from django.contrib.auth.models import Group

from oms.machine import prepare
from oms.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch) -> list[str]:
    """The commands that the preparation calls, which do nothing here."""
    names: list[str] = []
    monkeypatch.setattr(prepare, "call", lambda *words, **_options: names.append(" ".join(words)))
    monkeypatch.delenv("OMS_DEMO", raising=False)
    Group.objects.all().delete()
    User.objects.all().delete()
    return names


def test_the_demo_moves_into_a_house_nobody_has_lived_in(called):
    prepare.prepare()

    assert called == ["migrate", "demo", "setup_roles", "demo --logins"]


def test_the_demo_does_not_come_back_after_it_moved_out(called):
    Group.objects.create(name="Sales rep")  # demo --remove leaves the roles

    prepare.prepare()

    assert "demo" not in called


def test_the_demo_does_not_move_in_with_somebody(called):
    User.objects.create_user("somebody")

    prepare.prepare()

    assert "demo" not in called


def test_without_a_demo_the_roles_are_there_all_the_same(called, monkeypatch):
    monkeypatch.setenv("OMS_DEMO", "0")

    prepare.prepare()

    assert called == ["migrate", "setup_roles", "demo --logins"]
