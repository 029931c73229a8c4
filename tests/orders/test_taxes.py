"""What an order costs besides its lines: charges, and taxes by zone, class and day, under one rule per document."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.errors import BadQuantity
from oms.errors import Incomplete
from oms.models import Company, TaxRate, TaxRounding
from oms.verify import verify
from orders.discounts import DocumentDiscount
from orders.models import Order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.fact_finding import facts_about
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order
from orders.services.sums import sums_of, tax_note_of
from orders.status import RuleFact
from tests.builders import (
    a_charge_kind,
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_long_order,
    a_product,
    a_tax_class,
    a_tax_rate,
    a_tax_zone,
    a_user,
    a_warehouse,
    an_address,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse()


@pytest.fixture
def rep():
    return a_user("orders.override_price")


@pytest.fixture
def germany():
    """Germany with 19 and 7 percent, Austria beside it, everything else an export."""
    zone = a_tax_zone("Germany", "DE")
    a_tax_rate(19, zone=zone)
    a_tax_rate(7, a_tax_class("Reduced"), zone)
    a_tax_zone("EU", "AT", is_exempt=True, note="Tax-free intra-Community supply.")
    a_tax_zone("Export", is_exempt=True, note="Tax-free export delivery.")
    return zone


def charged(document, by, **charges: object):
    edit = edit_order if isinstance(document, Order) else edit_quote
    document.refresh_from_db()
    wanted = {a_charge_kind(code.upper()).pk: Decimal(str(amount)) for code, amount in charges.items()}
    edit(document.pk, Edit(document.revision, header=HeaderChange(charges=wanted)), by=by)
    document.refresh_from_db()


def told(totalled) -> list[str]:
    totalled.refresh_from_db()
    return [f"{one.label} {one.amount:.2f}" for one in sums_of(totalled)]


def a_mixed_order(customer=None, **header) -> Order:
    book = a_product("BOOK", price="9.99", tax_class=a_tax_class("Reduced"))
    return an_order({a_product("BOLT", price="33.33"): 3, book: 1}, customer=customer, **header)


def test_each_class_is_taxed_at_its_rate_and_the_total_is_the_sum_of_what_is_rounded(germany, rep):
    order = a_mixed_order()

    assert told(order) == ["Goods 109.98", "VAT 19 % 19.00", "VAT 7 % 0.70", "Total 129.68"]
    assert [str(line.tax_percent) for line in order.lines.order_by("position")] == ["19.0000", "7.0000"]
    assert verify() == []


def test_a_company_without_taxes_goes_on_as_it_did():
    order = a_mixed_order()

    submit_order(order.pk, by=None)

    assert told(order) == ["Net total 109.98"]
    assert (order.tax_zone, order.tax, order.lines.filter(tax_percent=None).count()) == (None, 0, 2)
    assert tax_note_of(order) == "All amounts are in EUR, without taxes."


def test_the_discount_comes_before_the_charges_and_these_before_the_tax(germany, rep):
    order = a_mixed_order(discount=DocumentDiscount(percent=Decimal(10)))

    charged(order, rep, freight="12.50")

    assert told(order) == [
        "Goods 109.98",
        "Discount 10 % -11.00",
        "Freight 12.50",
        "VAT 19 % 19.47",  # of 89.99 and the freight
        "VAT 7 % 0.63",  # of 8.99
        "Total 131.58",
    ]
    assert verify() == []


def test_a_charge_goes_away_and_comes_at_another_amount(germany, rep):
    order = a_mixed_order()
    charged(order, rep, freight="12.50", packing=3)
    charged(order, rep, freight=0, packing=4)

    assert told(order)[1] == "Packing 4.00"
    assert [(one.kind.code, one.amount, one.tax_percent) for one in order.charged.all()] == [
        ("PACKING", 4, 19)
    ]
    charged(order, rep, packing=0)
    assert told(order) == ["Goods 109.98", "VAT 19 % 19.00", "VAT 7 % 0.70", "Total 129.68"]
    assert verify() == []


def test_charges_stand_in_the_total_where_there_is_no_tax(rep):
    order = a_mixed_order()

    charged(order, rep, freight="12.50")

    assert told(order) == ["Goods 109.98", "Freight 12.50", "Net total 122.48"]
    assert verify() == []


@pytest.mark.parametrize("amount", ["-1", "0.001"])
def test_a_charge_that_no_document_has_is_refused(amount, rep):
    with pytest.raises(BadQuantity, match="A charge is 0 or more, in EUR"):
        charged(a_mixed_order(), rep, freight=amount)


@pytest.mark.parametrize(
    ("rounding", "includes", "tax", "total"),
    [
        (TaxRounding.GROUP, False, "0.57", "3.57"),  # 19 % of 3.00
        (TaxRounding.LINE, False, "0.60", "3.60"),  # three times 0.19 and a half, each up
        (TaxRounding.GROUP, True, "0.48", "3.00"),
        (TaxRounding.LINE, True, "0.48", "3.00"),
    ],
)
def test_tax_is_rounded_as_the_company_says_and_stays_so_for_the_document(
    rounding, includes, tax, total, rep
):
    zone = a_tax_zone()
    a_tax_rate("19.5" if rounding == TaxRounding.LINE and not includes else 19, zone=zone)
    Company.objects.update(tax_rounding=rounding, prices_include_tax=includes)
    order = an_order({a_product(price=1): 1, a_product(price="1.00"): 1, a_product(price=1): 1})
    Company.objects.update(tax_rounding=TaxRounding.GROUP, prices_include_tax=not includes)

    line = order.lines.first()
    edit_order(order.pk, Edit(0, change=[Change(line.pk, ordered=2)]), by=rep)
    edit_order(order.pk, Edit(1, change=[Change(line.pk, ordered=1)]), by=rep)

    order.refresh_from_db()
    assert (f"{order.tax:.2f}", f"{order.total:.2f}") == (tax, total)
    assert (order.tax_rounding, order.prices_include_tax) == (rounding, includes)
    assert verify() == []


def test_included_tax_is_told_as_part_of_the_total_and_is_no_margin(germany, rep):
    Company.objects.update(prices_include_tax=True)
    order = an_order({a_product("BOLT", price=119, cost=50): 1})

    assert told(order) == ["Goods 119.00", "of which VAT 19 % 19.00", "Total 119.00"]
    facts = facts_about(order, order.lines)
    assert (Decimal(facts[RuleFact.TOTAL_ABOVE]), facts[RuleFact.MARGIN_BELOW]) == (100, "50.00")


@pytest.mark.parametrize(("code", "exponent", "tax"), [("JPY", 0, "19"), ("KWD", 3, "18.981")])
def test_tax_is_rounded_once_to_the_decimals_of_the_currency(code, exponent, tax, germany):
    currency = a_currency(code, exponent)
    order = enter_order(
        Header(a_customer(currency=currency).pk), [a_line(a_product(price=None), 3, price="33.30")], by=None
    )

    assert order.tax == Decimal(tax)


def test_goods_are_taxed_where_they_go_unless_the_customer_has_a_zone(germany, rep):
    customer = a_customer()
    vienna = an_address(customer, "WIEN", country="AT", postal_code="1010")
    order = an_order({a_product(price=10): 1}, customer=customer, ship_to_id=vienna.pk)
    assert told(order) == ["Goods 10.00", "VAT 0 % 0.00", "Total 10.00"]
    assert tax_note_of(order) == "All amounts are in EUR. Tax-free intra-Community supply."

    home = customer.addresses.get(code="MAIN")
    edit_order(order.pk, Edit(0, header=HeaderChange(ship_to_id=home.pk)), by=rep)
    assert told(order) == ["Goods 10.00", "VAT 19 % 1.90", "Total 11.90"]

    customer.tax_zone = a_tax_zone("Export")
    customer.save()
    edit_order(order.pk, Edit(1, header=HeaderChange(customer_po="4500")), by=rep)
    assert told(order) == ["Goods 10.00", "VAT 0 % 0.00", "Total 10.00"]
    assert verify() == []


def test_a_rate_holds_from_its_first_day_until_the_day_before_its_last(germany):
    TaxRate.objects.filter(percent=19).update(valid_to=in_days(0))
    a_tax_rate(20, zone=germany, valid_from=in_days(0))
    bolt = a_product(price=100)

    assert [an_order({bolt: 1}, ordered_on=in_days(n)).tax for n in (-1, 0)] == [19, 20]


def test_a_missing_rate_stops_the_order_by_name_and_nothing_is_taxed_silently(germany):
    order = an_order({a_product(price=10, tax_class=a_tax_class("Spirits")): 1})
    assert told(order) == ["Net total 10.00"]

    with pytest.raises(Incomplete, match="“Spirits” has no rate in Germany on"):
        submit_order(order.pk, by=None)

    a_tax_rate(30, a_tax_class("Spirits"), germany)
    submit_order(order.pk, by=None)
    assert told(order) == ["Goods 10.00", "VAT 30 % 3.00", "Total 13.00"]
    assert verify() == []


def test_a_charge_without_a_rate_stops_the_quote(germany, rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(price=10), 1)], by=rep)
    a_charge_kind("DUTY", tax_class=a_tax_class("Duties"))
    charged(quote, rep, duty=5)

    with pytest.raises(Incomplete, match="“Duties” has no rate in Germany"):
        send_quote(quote.pk, by=rep)


def test_a_country_without_a_zone_stops_the_order():
    a_tax_rate(19, zone=a_tax_zone("Germany", "DE"))
    customer = a_customer()
    customer.addresses.update(country="BR")
    order = an_order({a_product(price=10): 1}, customer=customer)

    with pytest.raises(Incomplete, match="no tax zone has the country BR"):
        submit_order(order.pk, by=None)


def test_a_draft_from_before_there_were_taxes_is_taxed_when_it_is_submitted():
    order = an_order({a_product(price=10): 1})
    a_tax_rate(19, zone=a_tax_zone("Germany", "DE"))

    submit_order(order.pk, by=None)

    assert told(order) == ["Goods 10.00", "VAT 19 % 1.90", "Total 11.90"]


def test_a_quote_hands_charges_and_taxes_to_its_next_version_and_to_its_order(germany, rep):
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(price=10), 3)], by=rep)
    charged(quote, rep, freight="12.50")
    sums = ["Goods 30.00", "Freight 12.50", "VAT 19 % 8.08", "Total 50.58"]
    send_quote(quote.pk, by=rep)
    assert told(quote.versions.get(number=1)) == sums

    revise_quote(quote.pk, by=rep)
    assert told(quote.versions.get(number=2)) == sums

    send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)
    assert told(order_from_quote(quote.pk, by=rep)) == sums
    assert verify() == []


@pytest.mark.parametrize("size", [10, 300])
def test_taxes_cost_the_same_statements_whatever_the_lines(size, germany, rep):
    order = a_long_order(size, by=rep)
    line = order.lines.first()

    with CaptureQueriesContext(connection) as edited:
        edit_order(order.pk, Edit(0, change=[Change(line.pk, ordered=7)]), by=rep)
    with CaptureQueriesContext(connection) as submitted:
        submit_order(order.pk, by=rep)

    assert (len(edited), len(submitted)) == (17, 12)
