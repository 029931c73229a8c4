"""Agreements come in as files: drafted with their lines, compared when they are there, refused as a whole."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from customers.errors import AgreementRefused
from customers.models import Agreement, AgreementLine
from customers.services.agreeing import Terms, draft_agreements, drop_agreement, propose_agreement
from customers.services.agreeing_by_file import check_agreements, save_agreements
from customers.status import AgreementStatus
from inventory.models import Category
from oms.errors import Stale
from oms.importing.problems import Problems
from oms.importing.resource import kinds
from oms.verify import breaches
from tests.builders import a_boss, a_customer, a_user
from tests.data_in_out.files import a_small_house, everything, import_bytes, problems_of, table

pytestmark = pytest.mark.django_db

HEAD = "customer|name|valid_from|valid_to"
PRICED = f"{HEAD}|sku|unit|price|committed|maximum"
VALUED = f"{HEAD}|category|percent|committed_value|maximum_value"
YEAR = "ACME|Frame|2026-01-01|2027-01-01"


@pytest.fixture(autouse=True)
def house():
    a_small_house()
    Category.objects.create(code="SCREWS", name="Screws")


def imported(folder, *rows, by=None):
    return import_bytes("agreements", table(*rows), folder, by=by)


def lines():
    return {
        line.reach: (line.unit and line.unit.code, line.price, line.percent, line.committed, line.maximum)
        for line in AgreementLine.objects.select_related("product", "category", "unit")
    }


def test_rows_of_one_customer_name_and_first_day_are_one_draft(tmp_path):
    boss = a_boss()

    outcome = imported(tmp_path, PRICED, f"{YEAR}|BOLT|CT|90|120|240", f"{YEAR}|NUT||2.5||", by=boss)

    agreement = Agreement.objects.get()
    assert outcome.counts == (2, 0, 0)
    assert (agreement.status, agreement.name, agreement.currency_id) == (
        AgreementStatus.DRAFT,
        "Frame",
        "EUR",
    )
    assert (agreement.valid_from, agreement.valid_to) == (date(2026, 1, 1), date(2027, 1, 1))
    assert agreement.needs_approval
    assert lines() == {"BOLT": ("CT", 90, None, 120, 240), "NUT": ("C62", Decimal("2.5"), None, 0, None)}
    assert [(e.kind, e.new_status, e.by) for e in agreement.events.all()] == [("drafted", "draft", boss)]
    assert list(breaches()) == []


def test_a_category_and_everything_are_agreed_by_percentage_and_value(tmp_path):
    imported(tmp_path, VALUED, f"{YEAR}|SCREWS|8|12000|40000", f"{YEAR}||3||")

    wide, narrow = AgreementLine.objects.order_by("percent")
    assert (wide.reach, wide.percent, wide.maximum_value) == ("all products", 3, None)
    assert (narrow.category.code, narrow.committed_value, narrow.maximum_value) == ("SCREWS", 12000, 40000)


def test_the_same_file_again_changes_nothing(tmp_path):
    rows = [PRICED, f"{YEAR}|BOLT|CT|90|120|240", f"{YEAR}|NUT||2.5||"]
    imported(tmp_path, *rows)
    before = everything()

    assert imported(tmp_path, *rows).counts == (0, 0, 2)
    assert everything() == before


def test_a_draft_takes_changed_and_further_lines_and_loses_none(tmp_path):
    imported(tmp_path, PRICED, f"{YEAR}|BOLT|CT|90|120|240")

    outcome = imported(tmp_path, f"{HEAD}|sku|percent|price", f"{YEAR}|NUT||2", f"{YEAR}|BOLT|5|")

    assert outcome.counts == (1, 1, 0)
    assert lines() == {"BOLT": (None, 0, 5, 0, None), "NUT": ("C62", 2, None, 0, None)}
    assert [event.kind for event in Agreement.objects.get().events.all()] == ["drafted", "imported"]


def test_what_is_no_draft_stays_and_is_only_compared(tmp_path):
    imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||")
    agreement = propose_agreement(Agreement.objects.get().pk, by=None)

    other = problems_of("agreements", table(PRICED, f"{YEAR}|BOLT||8||", f"{YEAR}|NUT||8||"), tmp_path)

    assert imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||").counts == (0, 0, 1)
    assert [(p.row, p.column, p.value) for p in other.problems] == [(2, "sku", "BOLT"), (3, "sku", "NUT")]
    assert f"is not so in {agreement}, which is proposed" in str(other)


def test_what_was_dropped_is_drafted_anew(tmp_path):
    imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||")
    drop_agreement(Agreement.objects.get().pk, by=None)

    assert imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||").counts == (1, 0, 0)


@pytest.mark.parametrize(
    ("header", "rows", "expected"),
    [
        (PRICED, ["NONE|F|2026-01-01|2027-01-01|BOLT||9||"], [(2, "customer", "NONE", "look after")]),
        (PRICED, ["ACME|F|2026-01-01|2026-01-01|BOLT||9||"], [(2, "valid_to", "2026-01-01", "not after")]),
        (PRICED, [f"{YEAR}|NONE||9||"], [(2, "sku", "NONE", "not known")]),
        (PRICED, [f"{YEAR}|BOLT|KGM|9||"], [(2, "unit", "KGM", "C62, CT")]),
        (PRICED, [f"{YEAR}|BOLT||||"], [(2, "price", "", "percent off")]),
        (PRICED, [f"{YEAR}|||9||"], [(2, "percent", "", "Only a product has a price")]),
        (PRICED, [f"{YEAR}|BOLT||9|50|40"], [(2, "maximum", "40", "committed")]),
        (PRICED, [f"{YEAR}|BOLT||9,5||"], [(2, "price", "9,5", "not a number")]),
        (PRICED, [f"{YEAR}|BOLT||9||", f"{YEAR}|BOLT|CT|99||"], [(3, "sku", "BOLT", "row 2")]),
        (VALUED, [f"{YEAR}|NONE|5||"], [(2, "category", "NONE", "category's code")]),
        (VALUED, [f"{YEAR}|SCREWS|100||"], [(2, "percent", "100", "less than 100")]),
        (VALUED, [f"{YEAR}|SCREWS|5|100|50"], [(2, "maximum_value", "50", "committed")]),
        (f"{VALUED}|committed", [f"{YEAR}|SCREWS|5|||7"], [(2, "committed", "7", "enter a value")]),
        (f"{VALUED}|sku", [f"{YEAR}|SCREWS|5|||BOLT"], [(2, "category", "SCREWS", "not both")]),
        (f"{PRICED}|percent", [f"{YEAR}|BOLT||9|||5"], [(2, "percent", "5", "not both")]),
        (f"{VALUED}|sku|unit", [f"{YEAR}||5|||BOLT|CT"], [(2, "unit", "CT", "leave it empty")]),
        (f"{PRICED}|currency", [f"{YEAR}|BOLT||9|||XYZ"], [(2, "currency", "XYZ", "EUR")]),
        (
            PRICED,
            [f"{YEAR}|BOLT||9||", "ACME|Frame|2026-01-01|2028-01-01|NUT||9||"],
            [(3, "valid_to", "2028-01-01", "row 2")],
        ),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(tmp_path, header, rows, expected):
    refusal = problems_of("agreements", table(header, *rows), tmp_path)

    assert [(p.row, p.column, p.value) for p in refusal.problems] == [wanted[:3] for wanted in expected]
    for problem, (*_place, words) in zip(refusal.problems, expected, strict=True):
        assert words in f"{problem.rule} {problem.remedy}"
        assert problem.remedy


def test_the_head_of_what_is_there_is_not_changed_by_a_file(tmp_path):
    imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||")

    refusal = problems_of("agreements", table(PRICED, "ACME|Frame|2026-01-01|2028-01-01|BOLT||9||"), tmp_path)

    assert [(p.column, p.value) for p in refusal.problems] == [("valid_to", "2028-01-01")]
    assert "Change it on its page" in str(refusal)


def test_only_who_approves_does_without_a_second_person(tmp_path):
    rights = ["customers.add_agreement", "customers.view_all_customers", "customers.view_customer"]
    header, row = f"{HEAD}|sku|price|needs_approval", f"{YEAR}|BOLT|9|no"

    refusal = problems_of("agreements", table(header, row), tmp_path, by=a_user(*rights))

    assert [(p.row, p.column) for p in refusal.problems] == [(2, "needs_approval")]
    imported(tmp_path, header, row, by=a_user(*rights, "customers.approve_agreement"))
    assert not Agreement.objects.get().needs_approval


def test_customers_of_others_are_not_agreed_with(tmp_path):
    rep = a_user("customers.view_customer", "customers.add_agreement")
    mine = a_customer("Mine Ltd", code="MINE", rep=rep)

    refusal = problems_of("agreements", table(PRICED, f"{YEAR}|BOLT||9||"), tmp_path, by=rep)

    assert [(p.row, p.column, p.value) for p in refusal.problems] == [(2, "customer", "ACME")]
    imported(tmp_path, PRICED, "MINE|Frame|2026-01-01|2027-01-01|BOLT||9||", by=rep)
    assert Agreement.objects.get().customer == mine


def test_a_draft_that_was_taken_further_between_check_and_save_is_said(tmp_path):
    imported(tmp_path, PRICED, f"{YEAR}|BOLT||9||")
    row = kinds()["agreements"].row(
        row=2, customer="ACME", name="Frame", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1),
        sku="NUT", price=Decimal(3),
    )  # fmt: skip
    plan = check_agreements([row], problems := Problems(), by=None)
    propose_agreement(Agreement.objects.get().pk, by=None)

    with pytest.raises(Stale, match="check the file again"):
        save_agreements(plan, note="", by=None)

    assert not problems
    assert list(lines()) == ["BOLT"]


def test_many_agreements_are_drafted_in_two_statements(django_assert_num_queries):
    terms = [Terms(a_customer().pk, "EUR", date(2026, 1, 1), date(2027, 1, 1), f"No. {n}") for n in range(30)]

    with django_assert_num_queries(2 + 2):  # with the savepoint
        ids = draft_agreements(terms, by=None)

    assert list(Agreement.objects.filter(pk__in=ids).order_by("pk").values_list("name", flat=True)) == [
        one.name for one in terms
    ]
    with pytest.raises(AgreementRefused):
        draft_agreements(
            [*terms, Terms(terms[0].customer_id, "EUR", date(2026, 1, 1), date(2026, 1, 1))], by=None
        )
    assert connection.in_atomic_block


def test_who_may_draft_agreements_finds_the_import_on_their_list(client):
    rights = ["customers.view_agreement", "customers.view_customer"]
    client.force_login(a_user(*rights, is_staff=True))
    assert client.get("/admin/customers/agreement/import/").status_code == 403

    rights += ["customers.add_agreement", "customers.change_agreement"]
    client.force_login(a_user(*rights, is_staff=True))
    assert b"/admin/customers/agreement/import/" in client.get("/admin/customers/agreement/").content
    assert client.get("/admin/customers/agreement/import/").status_code == 200
