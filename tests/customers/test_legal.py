"""Tax numbers by their country's arithmetic, addresses by their country's rules: pure, on pages and in files."""

import pytest
from django.core.exceptions import ValidationError

from customers.address_rules import wrong_parts
from customers.models import Address, Customer
from oms.legal import is_valid_tax_number, require_valid_vat
from tests.builders import a_boss, a_company, a_customer
from tests.data_in_out.files import import_bytes, problems_of, table

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "country", "valid"),
    [
        ("DE136695976", "", True),
        ("DE 136 695 976", "", True),
        ("DE136695977", "", False),
        ("136695976", "DE", True),
        ("136695977", "DE", False),
        ("136695977", "", True),
        ("EL094259216", "", True),
        ("094259216", "GR", True),
        ("CHE-107.787.577 IVA", "", True),
        ("CHE-107.787.578 IVA", "", False),
        ("NO 995 525 828 MVA", "", True),
        ("NO 995 525 829 MVA", "", False),
        ("GB 980 7806 84", "", True),
        ("GB 802311781", "", False),
        ("12-3456789", "US", True),
    ],
)
def test_a_tax_number_is_checked_by_its_country(number, country, valid):
    assert is_valid_tax_number(number, country) is valid


def test_a_wrong_tax_number_is_told_with_its_country():
    with pytest.raises(ValidationError, match="is not a VAT number of CH"):
        require_valid_vat("CHE-107.787.578 IVA")


@pytest.mark.parametrize(
    ("country", "postal_code", "region", "wrong"),
    [
        ("DE", "20457", "", {}),
        ("DE", "D-20457", "", {}),
        ("DE", "2045", "", {"postal_code"}),
        ("DE", "", "", {"postal_code"}),
        ("IE", "", "", set()),
        ("GB", "ec1y 8sy", "", set()),
        ("US", "95014", "CA", set()),
        ("US", "95014", "california", set()),
        ("US", "95014", "", {"region"}),
        ("US", "95014", "Bavaria", {"region"}),
        ("XX", "1", "", {"country"}),
    ],
)
def test_an_address_says_what_its_country_wants(country, postal_code, region, wrong):
    found = wrong_parts(country=country, postal_code=postal_code, region=region)

    assert set(found) == set(wrong)
    assert all(one.rule for one in found.values())


def test_a_wrong_postal_code_is_told_with_right_ones():
    told = wrong_parts(country="DE", postal_code="2045", region="")["postal_code"]

    assert (told.rule, told.remedy) == ("is no postal code of DE.", "Write it like 26133 or 53225.")


def address_page(client, address, **changes):
    values = {
        name: getattr(address, name)
        for name in ("code", "name", "street", "postal_code", "city", "region", "country")
    }
    data = {**values, "is_bill_to": "on", "is_ship_to": "on", **changes}
    return client.post(f"/admin/customers/address/{address.pk}/change/", data)


def test_a_page_refuses_an_address_and_leaves_an_old_one_alone(client):
    a_company()
    client.force_login(a_boss())
    address = a_customer().addresses.get()
    Address.objects.filter(pk=address.pk).update(postal_code="old")
    address.refresh_from_db()

    assert address_page(client, address, street="Kai 2").status_code == 302
    refused = address_page(client, address, postal_code="204")

    address.refresh_from_db()
    assert (address.street, address.postal_code) == ("Kai 2", "old")
    assert "is no postal code of DE" in refused.content.decode()


HEADER = "code|name|payment_terms|currency|vat_number|street|postal_code|city|country"


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("X|X|30|EUR|DE136695977|Kai 1|20457|Hamburg|DE", "vat_number", "is not a VAT number of DE."),
        ("X|X|30|EUR|136695977|Kai 1|20457|Hamburg|DE", "vat_number", "is not a VAT number of DE."),
        ("X|X|30|EUR||Kai 1|2045|Hamburg|DE", "postal_code", "is no postal code of DE."),
        ("X|X|30|EUR||Kai 1||Hamburg|DE", "postal_code", "is needed in DE."),
        ("X|X|30|EUR||Kai 1|95014|Cupertino|US", "region", "is needed in US."),
        ("X|X|30|EUR||Kai 1|95014|Cupertino|XX", "country", "is no country that we know."),
    ],
)
def test_a_file_is_held_to_the_same_rules(tmp_path, row, column, rule):
    a_company()
    a_customer()

    found = problems_of("customers", table(HEADER, row), tmp_path).problems

    assert [(one.row, one.column, one.rule) for one in found] == [(2, column, rule)]


def test_a_file_that_leaves_what_was_there_is_taken(tmp_path):
    a_company()
    old = a_customer(code="X", vat_number="DE136695977")
    Address.objects.filter(customer=old).update(postal_code="old")
    row = "X|New name|30|EUR|DE136695977|Hafenstr. 1|old|Hamburg|DE"

    assert import_bytes("customers", table(HEADER, row), tmp_path).counts == (0, 1, 0)

    assert Customer.objects.get(code="X").name == "New name"
