"""Plans that are kept outlive rollbacks, and their answers are of today."""

import pytest
from django.db import connection, transaction

from inventory.models import Category
from tests.plans import plans_kept

QUESTION = "SELECT count(*) FROM inventory_category"

pytestmark = pytest.mark.django_db


def asked(sql=QUESTION):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def kept():
    return asked("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%inventory_category'")[0][
        0
    ]


def roll_back():
    with transaction.atomic():
        Category.objects.create(code="GONE", name="Gone")
        transaction.set_rollback(True)


def test_a_plan_outlives_a_rollback_and_answers_of_today():
    with plans_kept():
        assert (asked(), kept()) == ([(0,)], 0)
        assert (asked(), kept()) == ([(0,)], 1)
        roll_back()
        assert kept() == 1
        Category.objects.create(code="BOLTS", name="Bolts")
        assert asked() == [(1,)]

    assert kept() == 0
    assert asked() == [(1,)]


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_keeps_plans_of_its_own():
    with plans_kept():
        asked()
        asked()
        connection.close()
        assert (asked(), kept()) == ([(0,)], 1)
