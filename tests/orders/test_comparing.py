"""Two versions of a quote are compared with what stands above and under their lines."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from orders.discounts import DocumentDiscount
from orders.services import issuing
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.deciding import Person, set_deciders
from orders.services.drafting import Edit, HeaderChange, edit_quote
from orders.services.issuing import issue_quote
from orders.services.quoting import draft_quote, revise_quote, send_quote
from orders.status import Deciding
from tests.builders import (
    a_boss,
    a_charge_kind,
    a_company,
    a_customer,
    a_line,
    a_product,
    a_tax_rate,
    a_warehouse,
    in_days,
    many_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    a_company()
    a_warehouse("MAIN")
    boss = a_boss()
    client.force_login(boss)
    return boss


def a_second_version(boss, n=1):
    products = [a_product("BOLT", price=10)] if n == 1 else many_products(n)
    lines = [a_line(product, 10) for product in products]
    quote = draft_quote(Header(a_customer().pk), lines, by=boss, valid_until=in_days(5))
    send_quote(quote.pk, by=boss)
    return revise_quote(quote.pk, by=boss)


def edit(quote, boss, **header):
    quote.refresh_from_db()
    edit_quote(quote.pk, Edit(quote.revision, header=HeaderChange(**header)), by=boss)


def compare(client, quote):
    return client.get(reverse("admin:orders_quote_compare", args=[quote.number]))


def sums(page):
    return [tuple(one) for one in page.context["sums"]]


def terms(page):
    return {one.label: (one.old, one.new) for one in page.context["terms"]}


def test_a_discount_on_all_and_charges_are_shown_with_the_totals_though_all_lines_are_the_same(client, boss):
    quote = a_second_version(boss)
    kind = a_charge_kind("FREIGHT")
    edit(quote, boss, discount=DocumentDiscount(percent=Decimal(8)), charges={kind.pk: Decimal(12)})

    page = compare(client, quote)

    assert terms(page)["Discount on all"] == ("", "8 %")
    assert sums(page) == [
        ("Goods", 100, 100), ("Discount 8 %", None, -8), ("Freight", None, 12), ("Total", 100, 104),
    ]  # fmt: skip
    shown = " ".join(page.content.decode().split())
    assert "All lines are the same" in shown
    assert "+4.00 EUR" in shown


def test_sums_stand_where_they_do_under_a_document_whichever_version_has_them(client, boss):
    a_tax_rate(19)
    quote = a_second_version(boss)
    edit(quote, boss, discount=DocumentDiscount(percent=Decimal(8)))
    send_quote(quote.pk, by=boss)
    assert [label for label, _old, _new in sums(compare(client, quote))] == [
        "Goods", "Discount 8 %", "VAT 19 %", "Total",
    ]  # fmt: skip
    revise_quote(quote.pk, by=boss)
    edit(quote, boss, discount=DocumentDiscount(percent=Decimal(5)))

    assert [label for label, _old, _new in sums(compare(client, quote))] == [
        "Goods", "Discount 8 %", "Discount 5 %", "VAT 19 %", "Total",
    ]  # fmt: skip


def test_nothing_but_the_total_is_shown_where_nothing_differs_but_the_day(client, boss):
    quote = a_second_version(boss)

    page = compare(client, quote)

    old, new = quote.versions.order_by("number")
    assert sums(page) == [("Total", 100, 100)]
    assert terms(page) == {"Valid until": (date_format(in_days(5)), date_format(new.last_day))}
    assert old.last_day < new.last_day


def test_who_decides_and_taxes_are_compared(client, boss):
    quote = a_second_version(boss)
    set_deciders(quote.pk, Deciding.ALL, [Person("M. Kern"), Person("A. Roth")], by=boss)
    a_tax_rate(19)
    edit(quote, boss, discount=DocumentDiscount(amount=Decimal(10)))

    page = compare(client, quote)

    assert terms(page)["Who has to accept"] == ("", "all of them: M. Kern, A. Roth")
    assert terms(page)["Discount on all"] == ("", "10.00 EUR")
    assert sums(page)[-1] == ("Total", 100, quote.versions.get(number=2).total)
    assert "VAT 19 %" in [label for label, _old, _new in sums(page)]


def test_comparing_takes_as_many_statements_for_any_length(client, boss):
    counts = []
    for n in (2, 40):
        quote = a_second_version(boss, n)
        with CaptureQueriesContext(connection) as seen:
            compare(client, quote)
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_paper_and_the_page_of_a_version_have_the_day_that_was_promised_with_it(
    client, boss, monkeypatch
):
    drawn = []
    monkeypatch.setattr(issuing, "as_pdf", lambda paper: drawn.append(paper) or b"%PDF-")
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product(), 3)], by=boss, valid_until=in_days(5))
    send_quote(quote.pk, by=boss)
    token = make_link(quote.pk, by=None)
    revise_quote(quote.pk, by=boss, valid_until=in_days(40))

    issue_quote(quote.pk, by=boss)

    assert ("Valid until", date_format(in_days(5))) in drawn[0].facts
    send_quote(quote.pk, by=boss)
    newer = client.get(reverse("public:quote", args=[make_link(quote.pk, by=None)])).content.decode()
    assert f"valid until the end of {date_format(in_days(40))}" in newer
    assert date_format(in_days(40)) not in client.get(reverse("public:quote", args=[token])).content.decode()
