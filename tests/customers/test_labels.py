"""An address stands on a label as its country writes it."""

import pytest

from customers.labels import FIELDS, label
from orders.models import Order
from tests.builders import a_company, a_customer, a_product, a_shipment, a_warehouse

KERN = dict.fromkeys(FIELDS.values(), "") | {"name": "Kern AG", "street": "Main 1"}


@pytest.mark.parametrize(
    ("country", "parts", "rows"),
    [
        ("DE", {"postal_code": "20457", "city": "Hamburg"}, ["20457 Hamburg", "GERMANY"]),
        ("GB", {"postal_code": "SW1A 1AA", "city": "London"}, ["London", "SW1A 1AA", "UNITED KINGDOM"]),
        ("US", {"postal_code": "94043", "city": "Alton", "region": "CA"}, ["Alton, CA 94043", "UNITED STATES"]),
        ("US", {"postal_code": "94043", "city": "Alton"}, ["Alton, 94043", "UNITED STATES"]),
        ("IT", {"postal_code": "20121", "city": "Milano", "region": "MI"}, ["20121 Milano MI", "ITALY"]),
        ("BR", {"city": "Santos", "region": "SP"}, ["Santos-SP", "BRAZIL"]),
        ("BR", {"region": "SP"}, ["SP", "BRAZIL"]),
        ("DE", {"postal_code": "80331", "city": "München", "region": "Bayern"},
         ["80331 München", "Bayern", "GERMANY"]),
        ("HK", {"postal_code": "999077", "city": "Kowloon"}, ["Kowloon", "999077", "HONG KONG"]),
        ("CH", {"postal_code": "8001", "city": "Zürich"}, ["8001 Zürich", "SWITZERLAND"]),
        ("CH", {"postal_code": "CH-8001", "city": "Zürich"}, ["CH-8001 Zürich", "SWITZERLAND"]),
        ("FI", {"postal_code": "FI-00100", "city": "Helsinki"}, ["FI-00100 Helsinki", "FINLAND"]),
        ("FO", {"postal_code": "FO-100", "city": "Tórshavn"}, ["FO-100 Tórshavn", "FAROE ISLANDS"]),
        ("HR", {"city": "Zagreb"}, ["Zagreb", "CROATIA"]),
        ("PR", {"postal_code": "00901", "city": "San Juan"}, ["San Juan PR 00901", "PUERTO RICO"]),
        ("SG", {"postal_code": "018956", "city": "Singapore"}, ["SINGAPORE 018956", "REP. OF SINGAPORE"]),
        ("ZZ", {"postal_code": "1", "city": "Nowhere", "region": "R"}, ["1 Nowhere", "R", "ZZ"]),
    ],
)  # fmt: skip
def test_each_country_has_its_way_and_nothing_that_was_typed_is_lost(country, parts, rows):
    assert label(KERN | parts, country) == ["Kern AG", "Main 1", *rows]


def test_where_letters_are_others_the_rows_turn_with_them():
    local = {"name": "株式会社カーン", "street": "丸の内1", "region": "東京都", "postal_code": "100-0005"}
    latin = {"name": "Kern KK", "street": "Marunouchi 1", "region": "Tokyo", "postal_code": "100-0005"}

    named = latin | {"street": "1º Marunouchi"}
    assert label(KERN | named, "JP")[:2] == ["Kern KK", "1º Marunouchi, Tokyo"]
    assert label(KERN | local | {"name": "Kern KK"}, "JP")[0] == "〒100-0005"
    assert label(KERN | local, "JP") == ["〒100-0005", "東京都", "丸の内1", "株式会社カーン", "JAPAN"]
    assert label(KERN | latin, "JP") == ["Kern KK", "Marunouchi 1, Tokyo", "100-0005", "JAPAN"]


def test_at_home_the_country_is_not_named():
    parts = KERN | {"postal_code": "20457", "city": "Hamburg"}

    assert label(parts, "DE", home="DE") == ["Kern AG", "Main 1", "20457 Hamburg"]
    assert label(parts, "DE", home="AT")[-1] == "GERMANY"


@pytest.mark.django_db
@pytest.mark.parametrize(("home", "last"), [("DE", "20457 Hamburg"), ("AT", "GERMANY"), ("", "GERMANY")])
def test_what_leaves_a_warehouse_names_the_country_when_it_is_another(home, last):
    a_company()
    warehouse = a_warehouse("MAIN")
    warehouse.country = home
    warehouse.save()
    customer = a_customer()
    customer.addresses.update(postal_code="20457", city="Hamburg", country="DE")

    shipment = a_shipment({a_product(on_hand=9, at=warehouse): 1}, customer=customer)

    assert shipment.ship_to.splitlines()[-1] == last
    assert Order.objects.get().ship_to.name in shipment.ship_to
