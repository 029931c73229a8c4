"""A customer's time zone comes in and goes out by files, and machines read it."""

import pytest

from customers.models import Customer
from customers.resources import CustomerResource
from oms.importing.writing import write_csv
from tests.api.machine import Machine
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house, import_bytes, problems_of, table

pytestmark = pytest.mark.django_db
HEADER = "code|name|payment_terms|zone"


def zones():
    return dict(Customer.objects.values_list("code", "zone"))


@pytest.fixture(autouse=True)
def house():
    return a_small_house()


def test_a_file_gives_it_changes_it_and_leaves_it_where_it_says_nothing(tmp_path):
    rows = ["X|X Ltd|30|America/New_York", "Y|Y Ltd|30|", "ACME|ACME GmbH||Europe/Berlin"]
    made = import_bytes("customers", table(HEADER, *rows), tmp_path)
    assert (made.new, made.changed) == (2, 1)
    assert zones() == {"X": "America/New_York", "Y": "", "ACME": "Europe/Berlin"}

    again = import_bytes("customers", table(HEADER, *rows), tmp_path, again=True)
    assert (again.new, again.changed) == (0, 0)
    import_bytes("customers", table(HEADER, "X|X Ltd||", "ACME|ACME GmbH||Asia/Tokyo"), tmp_path)
    assert zones() == {"X": "America/New_York", "Y": "", "ACME": "Asia/Tokyo"}


def test_what_is_exported_comes_in_as_the_same(tmp_path):
    Customer.objects.update(zone="Pacific/Auckland", phone="1", email="a@example.com")
    resource = CustomerResource()
    with (tmp_path / "out.csv").open("wb") as out:
        write_csv(out, resource.header(), resource.table(Customer.objects.all()))
    content = (tmp_path / "out.csv").read_bytes()

    outcome = import_bytes("customers", content, tmp_path)

    assert b"Pacific/Auckland" in content
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 1)


@pytest.mark.parametrize(
    "wrong", ["Mars/Olympus", "europe/berlin", "+01:00", "Berlin", "../etc/passwd", "Z" * 61]
)
def test_what_is_no_time_zone_is_refused_with_row_value_and_remedy(tmp_path, wrong):
    rows = table(HEADER, "X|X Ltd|30|Europe/Berlin", f"Y|Y Ltd|30|{wrong}")

    (problem,) = problems_of("customers", rows, tmp_path).problems

    assert (problem.row, problem.column, problem.value) == (3, "zone", wrong)
    assert "is not a time zone" in problem.rule
    assert "America/New_York" in problem.remedy


def test_two_rows_of_one_customer_that_say_different_zones_are_refused(tmp_path):
    rows = table(HEADER, "X|X Ltd|30|Europe/Berlin", "X|X Ltd|30|Asia/Tokyo")

    (problem,) = problems_of("customers", rows, tmp_path).problems

    assert (problem.row, problem.column, problem.value) == (3, "zone", "Asia/Tokyo")


def test_machines_read_it():
    Customer.objects.update(zone="Asia/Tokyo")
    machine = Machine(a_boss())

    assert machine.get("v1/customers/ACME/").json()["zone"] == "Asia/Tokyo"
    assert [row["zone"] for row in machine.get("v1/customers/").json()["results"]] == ["Asia/Tokyo"]
