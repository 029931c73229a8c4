"""What the demo's people have imported goes with the demo."""

import pytest

from oms.demo.people import demo_users
from oms.demo.removing import remove
from oms.demo.words import MAIL, PEOPLE
from oms.models import ImportJob
from tests.builders import a_company, a_user

pytestmark = pytest.mark.django_db


def test_removing_the_demo_removes_what_its_people_imported():
    a_company()
    person = a_user(username=PEOPLE[0].username, email=f"{PEOPLE[0].username}@{MAIL}")
    assert person in demo_users()
    ImportJob.objects.create(kind="products", name="a file", by=person)

    remove()

    assert not demo_users().exists()
    assert not ImportJob.objects.exists()
