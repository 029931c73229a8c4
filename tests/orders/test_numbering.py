"""The lines of a draft are numbered without gaps when it goes out, and its approval, papers and pages say these."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oms.errors import Incomplete
from oms.verify import breaches
from orders.models import ApprovalStep
from orders.services.capturing import Header, order_from_quote
from orders.services.drafting import Edit, edit_order, edit_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order, take_back_order
from orders.status import OrderStatus, RuleFact
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_product,
    a_rule,
    a_warehouse,
    an_order,
    many_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    a_company()
    a_warehouse()
    return a_boss()


def without(edit, document, lines, *positions, by):
    """Lines at these positions go; one that is taken back then gets a place behind the others."""
    gone = frozenset(lines.filter(position__in=positions).values_list("pk", flat=True))
    document.refresh_from_db()
    return edit(document.pk, Edit(document.revision, remove=gone), by=by)


def standing(lines):
    return list(lines.order_by("position").values_list("position", "product__sku"))


def an_order_of(*skus, by):
    return an_order({a_product(sku): 1 for sku in skus}, by=by)


def test_a_submitted_order_has_no_gaps_and_keeps_its_lines_in_their_order(boss):
    order = an_order_of("A", "B", "C", "D", by=boss)
    without(edit_order, order, order.lines, 1, 3, by=boss)
    assert standing(order.lines) == [(2, "B"), (4, "D")], (
        "on the pad their places stay free for what is taken back"
    )

    submit_order(order.pk, by=boss)

    assert standing(order.lines) == [(1, "B"), (2, "D")]
    assert list(breaches()) == []


def test_one_that_is_a_draft_again_is_numbered_again(boss):
    order = submit_order(an_order_of("A", "B", "C", by=boss).pk, by=boss)
    take_back_order(order.pk, by=boss)
    without(edit_order, order, order.lines, 2, by=boss)

    submit_order(order.pk, by=boss)

    assert standing(order.lines) == [(1, "A"), (2, "C")]


def test_a_sent_version_has_no_gaps_and_stays_as_it_was_sent(boss):
    lines = [a_line(a_product(sku), 1) for sku in "ABC"]
    quote = draft_quote(Header(a_customer().pk), lines, by=boss)
    version = quote.versions.get()
    without(edit_quote, quote, version.lines, 1, by=boss)

    send_quote(quote.pk, by=boss)
    revise_quote(quote.pk, by=boss)
    second = quote.versions.get(number=2)
    without(edit_quote, quote, second.lines, 1, by=boss)
    send_quote(quote.pk, by=boss)

    assert standing(version.lines) == [(1, "B"), (2, "C")]
    assert standing(second.lines) == [(1, "C")]
    accept_quote(quote.pk, Acceptance("M. Kern"), by=boss)
    assert standing(order_from_quote(quote.pk, by=boss).lines) == [(1, "C")]


def test_who_decides_reads_the_number_that_the_line_has(boss):
    a_rule(RuleFact.DISCOUNT_ABOVE, threshold=5)
    products = [a_product(sku) for sku in "AB"]
    lines = [a_line(products[0], 1), a_line(products[1], 1, discount=20)]
    quote = draft_quote(Header(a_customer().pk), lines, by=boss)
    without(edit_quote, quote, quote.versions.get().lines, 1, by=boss)

    assert send_quote(quote.pk, by=boss).status == "waiting"

    assert ApprovalStep.objects.get().reason.startswith("line 1: discount of 20 percent")


def test_what_is_refused_names_the_line_as_the_pad_does(boss):
    order = an_order_of("A", "B", by=boss)
    without(edit_order, order, order.lines, 1, by=boss)
    order.lines.update(unit_price=None, amount=0)

    with pytest.raises(Incomplete, match="2"):
        submit_order(order.pk, by=boss)

    order.refresh_from_db()
    assert (order.status, standing(order.lines)) == (OrderStatus.DRAFT, [(2, "B")])


def test_many_gaps_take_as_many_statements_as_one(boss):
    counted = []
    for n in (3, 40):
        order = an_order(dict.fromkeys(many_products(n), 1), by=boss)
        without(edit_order, order, order.lines, *range(1, n, 2), by=boss)
        with CaptureQueriesContext(connection) as seen:
            submit_order(order.pk, by=boss)
        counted.append(len(seen))
    assert counted[0] == counted[1]
