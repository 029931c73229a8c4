"""Agreements for categories and for everything, and those that count what is paid instead of how much."""

from decimal import Decimal

import pytest

from customers.models import AgreementLine
from customers.services.agreeing import renew_agreement
from customers.services.customer_prices import listed_for
from customers.services.pacing import paces_for
from customers.services.pricing import price_for
from customers.status import PaceKind
from customers.telling import steps
from inventory.models import Category
from oms.models import ExchangeRate
from oms.verify import verify
from orders.errors import AgreementShort
from orders.models import AgreementDraw, Order
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.changing import OrderChange, change_order
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.splitting import Split, split_order
from orders.services.submitting import submit_order
from tests.builders import (
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_price,
    a_product,
    a_submitted_order,
    a_user,
    a_warehouse,
    agreed,
    agreed_widely,
    an_agreement,
    an_order,
    in_days,
)
from tests.verify.conftest import behind_its_back

pytestmark = pytest.mark.django_db
HUNDRED = Decimal(100)


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse()


@pytest.fixture
def fasteners(house):
    return Category.objects.create(code="F", name="Fasteners")


@pytest.fixture
def bolts(fasteners):
    deep = Category.objects.create(code="FB", name="Bolts", parent=fasteners)
    return a_product("BOLT-M8", on_hand=1000, price="10", category=deep)


@pytest.fixture
def nuts(fasteners):
    return a_product("NUT-M8", on_hand=1000, price="4", category=fasteners)


@pytest.fixture
def customer():
    return a_customer()


@pytest.fixture
def rep():
    return a_user("orders.change_order")


def parts(order: Order) -> list[tuple[int, Decimal]]:
    return list(order.lines.order_by("position").values_list("ordered", "unit_price"))


def drawn(agreement) -> Decimal:
    return agreement.lines.get().drawn_value


def confirmed(lines, customer):
    return confirm_order(a_submitted_order(lines, customer=customer).pk, by=None)


# --- for a category, or for everything --------------------------------------------------------------------------------


def test_a_line_for_a_category_is_for_all_below_it_and_one_for_everything_for_the_rest(
    bolts, nuts, fasteners, customer
):
    hose = a_product("HOSE", price="20")
    agreement = an_agreement(customer, agreed_widely(5, fasteners), agreed_widely(2), agreed(nuts, 3))

    order = an_order({bolts: 1, nuts: 1, hose: 1}, customer=customer)

    assert [price for _n, price in parts(order)] == [Decimal("9.5"), 3, Decimal("19.6")]
    assert {line.agreement_line.agreement for line in order.lines.all()} == {agreement}


def test_the_nearest_category_comes_first(bolts, nuts, fasteners, customer):
    an_agreement(customer, agreed_widely(5, fasteners), agreed_widely(10, bolts.category))

    assert [price for _n, price in parts(an_order({bolts: 1, nuts: 1}, customer=customer))] == [
        9,
        Decimal("3.8"),
    ]


def test_a_percentage_is_taken_off_the_break_for_everyone_that_is_reached(bolts, customer):
    a_price(bolts, 8, min_quantity=100)
    an_agreement(customer, agreed_widely(5))

    order = enter_order(Header(customer.pk), [a_line(bolts, 99), a_line(bolts, 100)], by=None)

    assert [price for _n, price in parts(order)] == [Decimal("9.5"), Decimal("7.6")]
    assert "-5 %: agreement" in steps(order.lines.get(position=2).trace)[0]


def test_what_nothing_prices_for_everyone_has_no_price_by_percentage_either(customer):
    bare = a_product("BARE", price=None)
    an_agreement(customer, agreed_widely(5))

    assert parts(an_order({bare: 1}, customer=customer)) == [(1, None)]


# --- by value ---------------------------------------------------------------------------------------------------------


def test_a_line_is_cut_where_its_amount_is_more_than_the_value_left(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))

    order = an_order({bolts: 20}, customer=customer)

    assert parts(order) == [(12, 8), (8, 10)]
    assert order.lines.get(position=1).trace["left_value"] == "100.0000"


def test_what_counts_is_what_is_paid_after_the_discounts_of_the_line(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))

    order = enter_order(Header(customer.pk), [a_line(bolts, 30, discount=50)], by=None)

    assert parts(order) == [(25, 8), (5, 10)]


def test_products_share_the_value_of_a_line_for_both_in_the_order_of_the_lines(
    bolts, nuts, fasteners, customer, rep
):
    an_agreement(customer, agreed_widely(50, fasteners, maximum_value=HUNDRED))
    order = an_order({bolts: 18, nuts: 8}, customer=customer)
    assert parts(order) == [(18, 5), (5, 2), (3, 4)]

    change = Change(order.lines.get(position=1).pk, ordered=10)
    edit_order(order.pk, Edit(order.revision, change=[change]), by=rep)

    assert parts(order) == [(10, 5), (5, 2), (3, 2)]


def test_a_smaller_quantity_that_costs_more_each_is_cut_by_what_it_costs(bolts, customer):
    a_price(bolts, 4, min_quantity=20)
    an_agreement(customer, agreed_widely(50, maximum_value=Decimal(60)))

    order = an_order({bolts: 40}, customer=customer)

    assert parts(order) == [(30, 2), (10, 10)]
    assert parts(an_order({bolts: 19}, customer=customer)) == [(12, 5), (7, 10)]


def test_a_draft_draws_nothing_a_confirmed_order_its_amount_and_a_cancelled_one_gives_it_back(
    bolts, customer
):
    agreement = an_agreement(customer, agreed(bolts, "8.33", maximum_value=HUNDRED))
    order = a_submitted_order({bolts: 7}, customer=customer)
    assert drawn(agreement) == 0

    confirm_order(order.pk, by=None)
    assert drawn(agreement) == Decimal("58.31")
    assert parts(an_order({bolts: 9}, customer=customer)) == [(5, Decimal("8.33")), (4, 10)]

    cancel_order(order.pk, by=None)
    assert drawn(agreement) == 0
    assert list(AgreementDraw.objects.values_list("quantity", "value")) == [
        (7, Decimal("58.31")),
        (-7, Decimal("-58.31")),
    ]


def test_what_the_terms_cancel_at_confirmation_is_given_back_at_once(house):
    few = a_product("FEW", on_hand=12)
    customer = a_customer(shipping_policy="cancel_rest")
    agreement = an_agreement(customer, agreed(few, 8, maximum_value=Decimal(400)))

    confirmed({few: 30}, customer)

    assert drawn(agreement) == 96


def test_what_others_drew_meanwhile_is_refused_by_name_and_value(bolts, customer):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))
    first, second = (a_submitted_order({bolts: 10}, customer=customer) for _order in range(2))
    confirm_order(first.pk, by=None)

    with pytest.raises(AgreementShort, match=rf"80.00 EUR asked for, 20.00 EUR left of {agreement.number}"):
        confirm_order(second.pk, by=None)
    assert drawn(agreement) == 80


def test_what_was_quoted_is_sold_at_its_price_and_draws_the_value_that_is_left(bolts, customer, rep):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))
    quote = draft_quote(Header(customer.pk), [a_line(bolts, 10)], by=rep)
    accept_quote(send_quote(quote.pk, by=rep).pk, Acceptance("M. Kern"), by=rep)
    confirmed({bolts: 5}, customer)

    order = order_from_quote(quote.pk, by=rep)
    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)

    assert parts(order) == [(10, 8)]
    assert drawn(agreement) == 100
    cancel_order(order.pk, by=rep)
    assert drawn(agreement) == 40


def test_a_commitment_without_a_maximum_counts_what_is_paid_and_does_not_run_out(bolts, customer):
    agreement = an_agreement(customer, agreed_widely(5, committed_value=Decimal(1000)))

    order = confirmed({bolts: 200}, customer)

    assert parts(order) == [(200, Decimal("9.5"))]
    assert drawn(agreement) == 1900


def test_a_changed_order_draws_more_or_gives_back(bolts, customer, rep):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))
    order = confirmed({bolts: 5}, customer)
    line = order.lines.get().pk

    change_order(order.pk, OrderChange(order.revision, {line: 12}), by=rep)
    assert drawn(agreement) == 96
    order.refresh_from_db()
    with pytest.raises(AgreementShort, match=r"8.00 EUR asked for, 4.00 EUR left"):
        change_order(order.pk, OrderChange(order.revision, {line: 13}), by=rep)

    change_order(order.pk, OrderChange(order.revision, {line: 2}), by=rep)
    assert drawn(agreement) == 16


def test_what_is_split_off_takes_its_part_of_the_value_along(customer, rep):
    thirds = a_product("THIRD", on_hand=2, price="9")
    agreement = an_agreement(customer, agreed(thirds, "3.335", maximum_value=HUNDRED))
    order = confirmed({thirds: 3, a_product("NUT", on_hand=9, price=1): 1}, customer)
    assert drawn(agreement) == Decimal("10.01")
    order.refresh_from_db()

    split = Split(order.revision, frozenset({1}), requested_on=in_days(9))
    part = split_order(order.pk, split, by=rep)

    assert drawn(agreement) == Decimal("10.01")
    assert sum(draw.value for draw in AgreementDraw.objects.filter(line__order=part)) == Decimal("10.01")


def test_a_value_counts_in_its_own_currency_so_documents_in_another_one_pass_it_over(bolts):
    ExchangeRate.objects.create(
        source=a_currency(), target=a_currency("USD"), rate=Decimal("1.1"), valid_from=in_days(-9)
    )
    abroad = a_customer(currency=a_currency("USD"))
    an_agreement(abroad, agreed(bolts, 8, maximum_value=HUNDRED), currency_id="EUR")

    assert parts(an_order({bolts: 1}, customer=abroad)) == [(1, 11)]


def test_questions_about_prices_look_at_the_value_that_is_left(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum_value=HUNDRED))

    few, many = (price_for(customer, "BOLT-M8", Decimal(n), on=in_days(0)).price for n in (12, 13))
    assert (few.unit_price, many.unit_price) == (8, 10)

    confirmed({bolts: 12}, customer)
    (listed,) = listed_for(customer, [(bolts.pk, bolts.sku, bolts.name)], on=in_days(0))
    assert listed.price == 10


def test_its_pace_is_of_what_is_paid(bolts, customer, rep):
    an_agreement(customer, agreed_widely(5, committed_value=Decimal(3650)))
    confirmed({bolts: 100}, customer)
    boss = a_user("customers.view_agreement", "customers.view_all_customers")

    (pace,) = paces_for(customer, boss, on=in_days(0))

    (line,) = pace.lines
    assert (line.pace.expected, line.pace.drawn, line.pace.kind) == (1000, 950, PaceKind.BEHIND)
    assert (pace.percent, pace.drawn, pace.committed) == (26, 950, 3650)


def test_a_renewal_has_the_same_lines_with_nothing_drawn(bolts, fasteners, customer):
    agreement = an_agreement(customer, agreed_widely(5, fasteners, maximum_value=HUNDRED))
    confirmed({bolts: 3}, customer)

    line = renew_agreement(agreement.pk, by=None).lines.get()

    assert (line.category, line.percent, line.maximum_value, line.drawn_value) == (fasteners, 5, HUNDRED, 0)


def test_the_statements_of_confirming_do_not_grow_with_the_lines_that_draw_a_value(
    django_assert_num_queries, house, customer
):
    an_agreement(customer, agreed_widely(5, maximum_value=Decimal(10_000)))
    for many in (2, 20):
        products = [a_product(on_hand=9) for _product in range(many)]
        order = a_submitted_order(dict.fromkeys(products, 3), customer=customer)
        with django_assert_num_queries(19):
            confirm_order(order.pk, by=None)
    assert AgreementLine.objects.get().drawn_value == 22 * 3 * Decimal("9.5")


# --- looked at from outside -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        (
            "UPDATE customers_agreementline SET drawn_value = drawn_value - 1",
            "I9 agreements have given what the ledger says",
        ),
        (
            """WITH more AS (UPDATE orders_agreementdraw SET value = value + 1)
               UPDATE customers_agreementline SET drawn_value = drawn_value + 1""",
            "I9 confirmed lines have drawn what they ask for",
        ),
    ],
)
def test_verify_tells_a_value_that_is_not_what_was_paid(bolts, customer, statement, invariant):
    an_agreement(customer, agreed_widely(5, maximum_value=HUNDRED))
    confirmed({bolts: 3}, customer)
    assert verify() == []

    with behind_its_back(statement):
        assert {breach.invariant for breach in verify()} == {invariant}
