"""Discounts: several on a line, one on a whole document, cut to the cent; approval looks at what is left."""

from decimal import Decimal

import pytest

from inventory.errors import BadQuantity
from oms.errors import Incomplete, NotAllowed
from oms.verify import verify
from orders.discounts import (
    NO_DISCOUNT,
    DocumentDiscount,
    on_line,
    read_discounts,
    read_document_discount,
    written,
    written_document_discount,
)
from orders.facts import hash_of, hash_of_document
from orders.models import Order
from orders.reasons import sentence
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.drafting import Change, Edit, HeaderChange, edit_order, edit_quote
from orders.services.fact_finding import facts_about
from orders.services.quoting import Acceptance, accept_quote, draft_quote, revise_quote, send_quote
from orders.services.submitting import submit_order
from orders.status import RuleFact
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_line,
    a_price,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = pytest.mark.django_db
TEN = Decimal(10)


@pytest.fixture
def rep():
    a_company()
    a_warehouse()
    return a_user("orders.override_price")


def discounted(document, discount: DocumentDiscount, by) -> None:
    edit = edit_order if isinstance(document, Order) else edit_quote
    document.refresh_from_db()
    edit(document.pk, Edit(document.revision, header=HeaderChange(discount=discount)), by=by)
    document.refresh_from_db()


def parts(lines) -> list[str]:
    return [f"{part:.2f}" for part in lines.order_by("position").values_list("document_discount", flat=True)]


def sums(totalled) -> tuple[str, str, str]:
    totalled.refresh_from_db()
    return f"{totalled.goods:.2f}", f"{totalled.discount:.2f}", f"{totalled.total:.2f}"


def three_lines(by, discount: DocumentDiscount = NO_DISCOUNT) -> Order:
    lines = [a_line(a_product(price=price), 1) for price in ("33.33", "33.33", "33.34")]
    return enter_order(Header(a_customer().pk, discount=discount), lines, by=by)


@pytest.mark.parametrize(
    ("text", "comes_to", "again"),
    [
        ("10", "10", "10"),
        ("10+10", "19", "10+10"),
        ("10 % + 5 %", "14.5", "10+5"),
        ("12.5+7.5+2.5", "21.0859375", "12.5+7.5+2.5"),
        ("33.3333+33.3333+33.3333", "70.3703259259037037", "33.3333+33.3333+33.3333"),
        ("0", "0", ""),
        ("", "0", ""),
    ],
)
def test_discounts_are_taken_one_after_the_other(text, comes_to, again):
    found = read_discounts(text)

    assert (on_line(found)["discount_percent"], written(found)) == (Decimal(comes_to), again)


@pytest.mark.parametrize("text", ["101", "-1", "ten", "10+", "1+1+1+1", "0.00001", "10,5"])
def test_what_is_no_discount_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read_discounts(text)


@pytest.mark.parametrize(
    ("text", "discount", "again"),
    [
        ("5 %", DocumentDiscount(percent=Decimal(5)), "5 %"),
        ("50", DocumentDiscount(amount=Decimal(50)), "50.00"),
        ("50.125", DocumentDiscount(amount=Decimal("50.125")), "50.125"),
        ("", NO_DISCOUNT, ""),
    ],
)
def test_a_discount_on_all_is_a_percentage_or_an_amount(text, discount, again):
    assert read_document_discount(text) == discount
    assert written_document_discount(discount, 2) == again


def test_a_line_keeps_its_discounts_when_its_quantity_changes(rep):
    order = an_order({a_product(price=100): 1})
    line = order.lines.get()
    edit_order(order.pk, Edit(0, change=[Change(line.pk, **on_line([TEN, TEN]))]), by=rep)

    edit_order(order.pk, Edit(1, change=[Change(line.pk, ordered=3)]), by=rep)

    line.refresh_from_db()
    assert (line.discounts, line.discount_percent, line.amount) == ((TEN, TEN), 19, 243)
    assert verify() == []


def test_a_discount_on_all_is_cut_over_the_lines_to_the_cent(rep):
    order = three_lines(rep)

    discounted(order, DocumentDiscount(amount=TEN), rep)

    assert parts(order.lines) == ["3.33", "3.33", "3.34"]
    assert sums(order) == ("100.00", "10.00", "90.00")
    assert verify() == []


def test_it_follows_the_lines_and_goes_away_with_them(rep):
    order = three_lines(rep, DocumentDiscount(percent=TEN))
    assert (parts(order.lines), sums(order)) == (["3.33", "3.33", "3.34"], ("100.00", "10.00", "90.00"))
    first = order.lines.order_by("position").first()

    edit_order(order.pk, Edit(0, change=[Change(first.pk, ordered=2)]), by=rep)
    assert (parts(order.lines), sums(order)) == (["6.67", "3.33", "3.33"], ("133.33", "13.33", "120.00"))

    discounted(order, NO_DISCOUNT, rep)
    assert (parts(order.lines), sums(order)) == (["0.00"] * 3, ("133.33", "0.00", "133.33"))
    assert verify() == []


@pytest.mark.parametrize(
    "discount",
    [
        DocumentDiscount(percent=Decimal(101)),
        DocumentDiscount(percent=Decimal("0.00001")),
        DocumentDiscount(amount=Decimal("0.001")),
        DocumentDiscount(amount=Decimal(-1)),
    ],
)
def test_a_discount_that_no_document_has_is_refused(discount, rep):
    order = three_lines(rep)

    with pytest.raises(BadQuantity, match="discount on all"):
        discounted(order, discount, rep)


def test_only_who_may_type_prices_gives_or_takes_it(rep):
    order = three_lines(rep, DocumentDiscount(percent=TEN))

    with pytest.raises(NotAllowed, match="discounts"):
        discounted(order, NO_DISCOUNT, a_user())


def test_more_than_the_goods_is_never_taken_off_and_stops_the_order(rep):
    order = three_lines(rep, DocumentDiscount(amount=Decimal(120)))

    assert sums(order) == ("100.00", "100.00", "0.00")
    with pytest.raises(Incomplete, match="120 is more than the goods, 100"):
        submit_order(order.pk, by=rep)


def a_sent_quote(discount: DocumentDiscount, by):
    lines = [a_line(a_product(price=price), 1) for price in ("33.33", "33.33", "33.34")]
    quote = draft_quote(Header(a_customer().pk), lines, by=by)
    discounted(quote, discount, by)
    return send_quote(quote.pk, by=by)


@pytest.mark.parametrize("discount", [DocumentDiscount(percent=TEN), DocumentDiscount(amount=TEN)])
def test_a_quote_hands_its_discount_to_its_next_version_and_to_its_order(discount, rep):
    quote = a_sent_quote(discount, rep)
    assert sums(quote.versions.get()) == ("100.00", "10.00", "90.00")

    revise_quote(quote.pk, by=rep)
    second = quote.versions.get(number=2)
    assert (sums(second), parts(second.lines)) == (("100.00", "10.00", "90.00"), ["3.33", "3.33", "3.34"])

    send_quote(quote.pk, by=rep)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=rep)
    order = order_from_quote(quote.pk, by=rep, only=frozenset({2, 3}))
    assert (sums(order), parts(order.lines)) == (("66.67", "6.67", "60.00"), ["3.33", "3.34"])
    assert verify() == []


def test_approval_looks_at_the_price_after_every_discount(rep):
    bolt = a_product("BOLT", price=None, cost=5)
    a_price(bolt, 10, floor=8)
    line = a_line(bolt, 10)._replace(**on_line([TEN, Decimal(5)]))
    order = enter_order(
        Header(a_customer().pk, discount=DocumentDiscount(percent=Decimal(20))), [line], by=rep
    )

    facts = facts_about(order, order.lines)

    assert Decimal(facts[RuleFact.TOTAL_ABOVE]) == Decimal("68.40")
    assert facts[RuleFact.DISCOUNT_ABOVE] == "31.6000"  # 1 - 0.9 x 0.95 x 0.8
    assert facts[RuleFact.MARGIN_BELOW] == "26.90"  # of 68.40, with a cost of 50
    assert facts[RuleFact.BELOW_FLOOR] == "14.50"  # 6.84 where the floor is 8


def test_an_approval_names_the_line_that_is_the_worst_of_each_kind(rep):
    rods, bolts, nuts = a_product("ROD", price=10), a_product("BOLT", price=None), a_product("NUT", price=10)
    a_price(bolts, 10, floor=9)
    lines = [
        a_line(rods, 1, discount=5),
        a_line(bolts, 1, price=8),
        a_line(nuts, 1, discount=12),
        a_line(rods, 1),
    ]
    order = enter_order(Header(a_customer().pk), lines, by=rep)
    facts = facts_about(order, order.lines)
    about_lines = RuleFact.DISCOUNT_ABOVE, RuleFact.PRICE_BELOW_LIST, RuleFact.BELOW_FLOOR

    assert {sentence(a_rule(fact=fact, threshold=1), facts) for fact in about_lines} == {
        "line 3: discount of 12 percent is above 1",
        "line 2: the price is 20 percent below the list, 1 is allowed",
        "line 2: the net price is 11.11 percent below its floor, 1 is allowed",
    }


def test_a_discount_on_all_is_on_no_line(rep):
    order = an_order({a_product(price=10): 1, a_product(price=10): 1}, discount=DocumentDiscount(percent=TEN))

    rule = a_rule(fact=RuleFact.DISCOUNT_ABOVE, threshold=5)
    assert (
        sentence(rule, facts_about(order, order.lines)) == "discount of 10 percent is above 5; 2 less in all"
    )


def test_a_price_at_its_floor_is_not_below_it_however_the_discount_divides(rep):
    bolt = a_product("BOLT", price=None)
    a_price(bolt, 30, floor=20)

    order = an_order({bolt: 10}, discount=DocumentDiscount(amount=Decimal(100)))
    below = an_order({bolt: 10}, discount=DocumentDiscount(amount=Decimal("100.01")))

    assert facts_about(order, order.lines)[RuleFact.BELOW_FLOOR] is None
    assert facts_about(below, below.lines)[RuleFact.BELOW_FLOOR] == "0.01"


def test_a_percentage_on_all_is_no_more_on_a_line_where_it_is_rounded_up(rep):
    order = an_order(
        {a_product(price="0.05"): 1, a_product(price=100): 1}, discount=DocumentDiscount(percent=TEN)
    )

    assert parts(order.lines) == ["0.01", "10.00"] or parts(order.lines) == ["0.00", "10.01"]
    assert facts_about(order, order.lines)[RuleFact.DISCOUNT_ABOVE] == "10.0000"


def test_a_discount_on_all_needs_the_approval_a_discount_on_each_line_would(rep):
    managers = a_group("managers")
    a_rule(fact=RuleFact.DISCOUNT_ABOVE, threshold=5, approvers=managers)
    order = three_lines(rep, DocumentDiscount(amount=TEN))

    submit_order(order.pk, by=rep)

    assert order.holds.get().reason == "discount of 10 percent is above 5; 10 less in all"
    Order.objects.filter(pk=order.pk).update(discount_percent=9, discount_amount=0, discount=9, total=91)
    assert "I8 documents do not change while somebody is asked" in {breach.invariant for breach in verify()}


def test_an_order_without_it_has_the_hash_it_had_before_there_was_any(rep):
    line = (1, 2, 3, 4, Decimal("0.420000"), None, Decimal("10.0000"))
    wider = (*line[:-1], Decimal("10.0000000000000000"))

    assert hash_of_document([7, 8, "EUR"], [wider], NO_DISCOUNT) == hash_of([7, 8, "EUR", [line]])
