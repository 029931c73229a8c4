"""What customers call our products: unique per customer, remembered, typed on pages and in files."""

import pytest
from django.db import IntegrityError, transaction

from customers.errors import NumberTaken
from customers.models import CustomerPartNumber
from customers.services.part_numbers import remember_part_number, units_called
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_group,
    a_part_number,
    a_product,
    a_team,
    a_unit,
    a_user,
)
from tests.data_in_out.files import import_bytes, problems_of, table

pytestmark = pytest.mark.django_db

NUMBERS = "/admin/customers/customerpartnumber/"


def test_a_number_means_one_thing_to_a_customer_in_any_case():
    kern, other = a_customer(), a_customer()
    bolt, nut = a_product("BOLT"), a_product("NUT")
    a_part_number(kern, "Straße-1", bolt)
    a_part_number(other, "STRAßE-1", nut)

    with pytest.raises(IntegrityError, match="one_meaning_per_part_number"), transaction.atomic():
        a_part_number(kern, "STRAßE-1", nut)

    assert units_called(kern.pk, ["straße-1", "BOLT"]) == {"straße-1": bolt.units.get().pk}


def test_what_is_remembered_is_known_and_remembering_it_again_changes_nothing():
    kern, bolt, rep = a_customer(), a_product("BOLT"), a_user()
    unit = bolt.units.get()

    first = remember_part_number(kern.pk, "4711", unit.pk, by=rep)
    again = remember_part_number(kern.pk, "4711", unit.pk, by=a_user())

    assert first == again == CustomerPartNumber.objects.get()
    assert (again.unit, again.learned, again.created_by) == (unit, True, rep)


def test_a_number_that_stands_for_something_else_is_not_overwritten():
    kern, bolt, nut = a_customer(), a_product("BOLT"), a_product("NUT")
    a_part_number(kern, "4711", bolt)

    with pytest.raises(NumberTaken, match="already stands for BOLT"):
        remember_part_number(kern.pk, "4711", nut.units.get().pk, by=a_user())

    assert units_called(kern.pk, ["4711"]) == {"4711": bolt.units.get().pk}


def test_a_number_that_is_our_sku_of_another_product_is_refused():
    kern, nut = a_customer(), a_product("NUT")
    a_product("BOLT")

    with pytest.raises(NumberTaken, match="our own SKU"):
        remember_part_number(kern.pk, "bolt", nut.units.get().pk, by=a_user())
    remember_part_number(kern.pk, "nut", nut.units.get().pk, by=a_user())

    assert [one.number for one in CustomerPartNumber.objects.all()] == ["nut"]


def test_numbers_are_looked_up_in_one_statement_however_many(django_assert_num_queries):
    kern, bolt = a_customer(), a_product("BOLT")
    CustomerPartNumber.objects.bulk_create(
        CustomerPartNumber(customer=kern, number=f"k-{i}", unit=bolt.units.get()) for i in range(500)
    )

    for count in (10, 500):
        with django_assert_num_queries(1):
            assert len(units_called(kern.pk, [f"K-{i}" for i in range(count)])) == count


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def manager(client):
    a_company()
    manager = a_user(groups=[a_group("Sales manager")], is_staff=True)
    client.force_login(manager)
    return manager


def test_a_manager_writes_numbers_for_the_customers_of_the_team(client, manager):
    ours, theirs = a_customer(team=a_team(manager)), a_customer()
    bolt = a_product("BOLT")
    carton = a_unit(bolt, "CT", 12)
    typed = {"number": " 47  11 ", "sku": "BOLT", "unit_code": "ct"}

    assert client.post(f"{NUMBERS}add/", {**typed, "customer": ours.pk}).status_code == 302
    assert client.post(f"{NUMBERS}add/", {**typed, "customer": theirs.pk}).status_code == 200

    made = CustomerPartNumber.objects.get()
    assert (made.customer, made.number, made.unit, made.created_by) == (ours, "47 11", carton, manager)
    assert client.get(NUMBERS, {"q": "47"}).content.decode().count("47 11") >= 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"number": "4711", "sku": "NUT"}, "already stands for BOLT"),
        ({"number": "BOLT", "sku": "NUT"}, "our own SKU"),
        ({"number": "1", "sku": "SCREW"}, "SCREW"),
        ({"number": "1", "sku": "NUT", "unit_code": "XX"}, "NUT XX"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_the_reason(client, manager, typed, says):
    ours = a_customer(team=a_team(manager))
    a_part_number(ours, "4711", a_product("BOLT"))
    a_product("NUT")

    answer = client.post(f"{NUMBERS}add/", {"customer": ours.pk, **typed})

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert CustomerPartNumber.objects.count() == 1


def test_a_number_is_given_another_product_on_its_page(client, manager):
    one = a_part_number(a_customer(team=a_team(manager)), "4711", a_product("BOLT"))
    nut = a_product("NUT")
    page = f"{NUMBERS}{one.pk}/change/"

    assert b'value="BOLT"' in client.get(page).content
    assert client.post(page, {"number": "4711", "sku": "NUT"}).status_code == 302

    one.refresh_from_db()
    assert one.unit == nut.units.get()


# --- files ------------------------------------------------------------------------------------------------------------

HEADER = "customer|number|sku|unit"


def test_a_file_brings_numbers_once(tmp_path):
    kern, bolt, nut = a_customer(code="KERN"), a_product("BOLT"), a_product("NUT")
    a_part_number(kern, "abc", nut)
    carton = a_unit(bolt, "CT", 12)
    content = table(HEADER, "KERN|4711|BOLT|CT", "KERN|ABC|BOLT|", "KERN|12|NUT|")

    first = import_bytes("part-numbers", content, tmp_path, by=a_boss())
    again = import_bytes("part-numbers", content, tmp_path, by=a_boss())

    assert (first.counts, again.counts) == ((2, 1, 0), (0, 0, 3))
    meant = dict(CustomerPartNumber.objects.values_list("number", "unit"))
    assert meant == {"4711": carton.pk, "ABC": bolt.units.get(code="C62").pk, "12": nut.units.get().pk}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("KERNEL|1|BOLT|", "customer"),
        ("OTHER|1|BOLT|", "customer"),
        ("KERN|1|SCREW|", "sku"),
        ("KERN|1|BOLT|XX", "unit"),
        ("KERN|nut|BOLT|", "number"),
        ("KERN|4711|BOLT|", "number"),
    ],
)
def test_a_file_with_a_number_that_cannot_be_is_refused(tmp_path, row, column):
    rep = a_user("customers.view_customer")
    a_customer(code="KERN", rep=rep)
    a_customer(code="OTHER")
    a_product("BOLT"), a_product("NUT")

    problems = problems_of("part-numbers", table(HEADER, "KERN|4711|NUT|", row), tmp_path, by=rep)

    assert [(problem.row, problem.column) for problem in problems.problems] == [(3, column)]
