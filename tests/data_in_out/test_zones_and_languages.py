"""A customer's time zone and language come in and go out by files, people choose them, and machines read them."""

import pytest
from django.urls import reverse

from customers.models import Customer
from customers.resources import CustomerResource
from oms.importing.writing import write_csv
from oms.models import Company
from tests.api.machine import Machine
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house, import_bytes, problems_of, table

pytestmark = pytest.mark.django_db
ONE_AND_ANOTHER = [("zone", "Europe/Berlin", "Asia/Tokyo"), ("language", "de", "nl")]
NO_ZONES = ["Mars/Olympus", "europe/berlin", "+01:00", "Berlin", "../etc/passwd", "Z" * 61]
NO_LANGUAGES = ["tlh", "DE", "de-AT", "German", "../de", "d" * 61]


@pytest.fixture(autouse=True)
def house():
    return a_small_house()


def the_file(column, *rows):
    return table(f"code|name|payment_terms|{column}", *rows)


def kept(column):
    return dict(Customer.objects.values_list("code", column))


@pytest.mark.parametrize(("column", "one", "another"), ONE_AND_ANOTHER)
def test_a_file_gives_it_changes_it_and_leaves_it_where_it_says_nothing(tmp_path, column, one, another):
    rows = [f"X|X Ltd|30|{one}", "Y|Y Ltd|30|", f"ACME|ACME GmbH||{one}"]
    made = import_bytes("customers", the_file(column, *rows), tmp_path)
    assert (made.new, made.changed) == (2, 1)
    assert kept(column) == {"X": one, "Y": "", "ACME": one}

    again = import_bytes("customers", the_file(column, *rows), tmp_path, again=True)
    assert (again.new, again.changed) == (0, 0)
    import_bytes("customers", the_file(column, "X|X Ltd||", f"ACME|ACME GmbH||{another}"), tmp_path)
    assert kept(column) == {"X": one, "Y": "", "ACME": another}


def test_what_is_exported_comes_in_as_the_same(tmp_path):
    Customer.objects.update(zone="Pacific/Auckland", language="it", phone="1", email="a@example.com")
    resource = CustomerResource()
    with (tmp_path / "out.csv").open("wb") as out:
        write_csv(out, resource.header(), resource.table(Customer.objects.all()))
    content = (tmp_path / "out.csv").read_bytes()

    outcome = import_bytes("customers", content, tmp_path)

    assert b"Pacific/Auckland,it," in content
    assert (outcome.new, outcome.changed, outcome.same) == (0, 0, 1)


@pytest.mark.parametrize(
    ("column", "wrong", "rule", "remedy"),
    [
        *(("zone", wrong, "is not a time zone", "America/New_York") for wrong in NO_ZONES),
        *(("language", wrong, "is no language", "one of en, de, fr, it") for wrong in NO_LANGUAGES),
    ],
)
def test_what_is_none_is_refused_with_row_value_and_remedy(tmp_path, column, wrong, rule, remedy):
    rows = the_file(column, "X|X Ltd|30|", f"Y|Y Ltd|30|{wrong}")

    (problem,) = problems_of("customers", rows, tmp_path).problems

    assert (problem.row, problem.column, problem.value) == (3, column, wrong)
    assert rule in problem.rule
    assert remedy in problem.remedy


@pytest.mark.parametrize(("column", "one", "another"), ONE_AND_ANOTHER)
def test_two_rows_of_one_customer_that_differ_are_refused(tmp_path, column, one, another):
    rows = the_file(column, f"X|X Ltd|30|{one}", f"X|X Ltd|30|{another}")

    (problem,) = problems_of("customers", rows, tmp_path).problems

    assert (problem.row, problem.column, problem.value) == (3, column, another)


def test_machines_read_them():
    Customer.objects.update(zone="Asia/Tokyo", language="nl")
    machine = Machine(a_boss())

    one, (row,) = machine.get("v1/customers/ACME/").json(), machine.get("v1/customers/").json()["results"]

    assert (one["zone"], one["language"]) == (row["zone"], row["language"]) == ("Asia/Tokyo", "nl")


@pytest.mark.parametrize(("of", "pk"), [("customers_customer", "ACME"), ("oms_company", "")])
def test_people_choose_a_language_by_its_own_name_and_no_other(client, of, pk):
    client.force_login(a_boss())
    model = Customer if pk else Company
    row = model.objects.get(code=pk) if pk else model.objects.get()
    url = reverse(f"admin:{of}_change", args=[row.pk])
    page = client.get(url)
    form = page.context["adminform"].form

    assert ("it", "Italiano") in list(form.fields["language"].choices)
    assert ("" in dict(form.fields["language"].choices)) is bool(pk)
    sent = {name: form[name].value() for name in form.fields if form[name].value()}
    wrong = client.post(url, {**sent, "language": "tlh"})
    assert "language" in wrong.context["adminform"].form.errors
    row.refresh_from_db()
    assert row.language in ("", "en")
