"""Orders at the prices of agreements: one that runs out cuts a line; confirmed orders draw, cancelled give back."""

from decimal import Decimal

import pytest

from customers.models import AgreementLine, PriceList
from customers.services.agreeing import end_agreement
from customers.services.pricing import price_for
from customers.telling import lost, sentence, steps
from oms.models import ExchangeRate
from orders.errors import AgreementShort
from orders.models import AgreementDraw, Order
from orders.services.cancelling import cancel_order
from orders.services.capturing import Header, enter_order, order_from_quote
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, edit_order
from orders.services.pricing import LineInput
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from orders.services.renewing import renew_quote
from orders.services.submitting import submit_order, take_back_order
from tests.builders import (
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_price,
    a_price_list,
    a_product,
    a_submitted_order,
    a_unit,
    a_user,
    a_warehouse,
    agreed,
    an_agreement,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house():
    a_company()
    return a_warehouse()


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=1000, price="10")


@pytest.fixture
def customer():
    return a_customer()


@pytest.fixture
def rep():
    return a_user("orders.change_order")


def parts(order: Order) -> list[tuple[int, Decimal]]:
    return list(order.lines.order_by("position").values_list("ordered", "unit_price"))


def drawn(agreement) -> int:
    return agreement.lines.get().drawn


# --- lines are cut ----------------------------------------------------------------------------------------------------


def test_lines_of_one_product_share_what_is_left_in_their_order(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum=40))

    order = enter_order(Header(customer.pk), [a_line(bolts, 30), a_line(bolts, 30)], by=None)

    assert parts(order) == [(30, 8), (10, 8), (20, 10)]


def test_what_one_line_leaves_free_goes_to_the_next(bolts, customer, rep):
    an_agreement(customer, agreed(bolts, 8, maximum=40))
    order = an_order({bolts: 50}, customer=customer)
    first = order.lines.get(ordered=40)

    edit_order(order.pk, Edit(order.revision, remove=frozenset({first.pk})), by=rep)

    assert parts(order) == [(10, 8)]


def test_a_line_raised_above_what_is_left_keeps_that_and_gets_a_second_line(bolts, customer, rep):
    an_agreement(customer, agreed(bolts, 8, maximum=40))
    order = an_order({bolts: 20}, customer=customer)

    edit_order(order.pk, Edit(order.revision, change=[Change(order.lines.get().pk, ordered=45)]), by=rep)

    assert parts(order) == [(40, 8), (5, 10)]
    order.refresh_from_db()
    assert order.total == 370


def test_two_agreements_give_one_after_the_other_and_the_customers_own_comes_first(bolts, customer):
    customer.parent = a_customer("Holding")
    customer.save()
    an_agreement(customer.parent, agreed(bolts, 7, maximum=15))
    an_agreement(customer, agreed(bolts, 8, maximum=20))

    assert parts(an_order({bolts: 50}, customer=customer)) == [(20, 8), (15, 7), (15, 10)]


def test_parts_are_whole_sales_units_and_not_below_the_least_that_is_sold(bolts, customer):
    box = a_unit(bolts, "CT", numerator=12)
    pack = a_unit(bolts, "PK", numerator=10, minimum=2, multiple=1)
    an_agreement(customer, agreed(bolts, 8, maximum=40))

    boxed = enter_order(Header(customer.pk), [LineInput(box.pk, 60)], by=None)
    packed = enter_order(Header(customer.pk), [LineInput(pack.pk, 50)], by=None)
    too_few = enter_order(Header(customer.pk), [LineInput(pack.pk, 30), LineInput(pack.pk, 30)], by=None)

    assert parts(boxed) == [(36, 96), (24, 120)]
    assert parts(packed) == [(30, 80), (20, 100)]
    assert parts(too_few) == [(30, 80), (30, 100)]


def test_an_agreement_without_a_maximum_does_not_run_out(bolts, customer):
    an_agreement(customer, agreed(bolts, 8))

    order = confirm_order(a_submitted_order({bolts: 500}, customer=customer).pk, by=None)

    assert parts(order) == [(500, 8)]
    assert AgreementLine.objects.get().drawn == 500


def test_a_list_with_the_best_price_beats_an_agreement_and_nothing_is_cut(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum=40))
    promotion = a_price_list("PROMO", customer=customer)
    PriceList.objects.filter(pk=promotion.pk).update(best_of=True)
    a_price(bolts, "7.50", price_list=promotion)

    order = an_order({bolts: 50}, customer=customer)

    assert parts(order) == [(50, Decimal("7.5"))]
    assert order.lines.get().agreement_line_id is None


def test_an_agreement_holds_in_its_half_open_period_only(bolts, customer):
    an_agreement(customer, agreed(bolts, 8), valid_from=in_days(-1), valid_to=in_days(1))

    prices = [price_for(customer, "BOLT-M8", Decimal(1), on=in_days(day)).price for day in (-2, -1, 0, 1)]

    assert [price.unit_price for price in prices] == [10, 8, 8, 10]


def test_an_agreement_in_another_currency_is_converted_at_the_rate_of_the_day(bolts, customer):
    dollars = a_currency("USD")
    ExchangeRate.objects.create(
        source=dollars, target=a_currency(), rate=Decimal("0.9"), valid_from=in_days(-9)
    )
    an_agreement(customer, agreed(bolts, 8), currency_id="USD")

    found = price_for(customer, "BOLT-M8", Decimal(1), on=in_days(0)).price

    assert found.unit_price == Decimal("7.2")
    assert found.trace["currency"] == "USD"


def test_the_trace_names_the_agreement_what_was_left_and_why_it_lost(bolts, customer):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40))

    first, rest = an_order({bolts: 50}, customer=customer).lines.order_by("position")

    assert sentence(first.trace) == f"Price of agreement {agreement.number}."
    assert steps(first.trace) == [
        f"8 per C62: agreement {agreement.number}",
        "40 base units of the agreement were left",
    ]
    assert lost(rest.trace) == [
        f"8 per C62: agreement {agreement.number}: less of it is left than is asked for"
    ]


def test_a_price_typed_by_hand_takes_nothing_from_an_agreement(bolts, customer):
    an_agreement(customer, agreed(bolts, 8, maximum=40))

    order = enter_order(Header(customer.pk), [a_line(bolts, 30, price=9), a_line(bolts, 40)], by=None)

    assert parts(order) == [(30, 9), (40, 8)]
    confirm_order(submit_order(order.pk, by=None).pk, by=None)
    assert AgreementLine.objects.get().drawn == 40


# --- orders draw ------------------------------------------------------------------------------------------------------


def test_a_draft_draws_nothing_a_confirmed_order_does_and_a_cancelled_one_gives_back(bolts, customer):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40))
    order = a_submitted_order({bolts: 50}, customer=customer)
    assert drawn(agreement) == 0

    confirm_order(order.pk, by=None)
    assert drawn(agreement) == 40
    assert parts(an_order({bolts: 5}, customer=customer)) == [(5, 10)]

    cancel_order(order.pk, by=None)
    assert drawn(agreement) == 0
    assert list(AgreementDraw.objects.values_list("quantity", flat=True)) == [40, -40]


def test_what_the_terms_cancel_at_confirmation_is_given_back_at_once(house):
    few = a_product("FEW", on_hand=12)
    customer = a_customer(shipping_policy="cancel_rest")
    agreement = an_agreement(customer, agreed(few, 8, maximum=40))

    confirm_order(a_submitted_order({few: 30}, customer=customer).pk, by=None)

    assert drawn(agreement) == 12


def test_what_others_drew_meanwhile_is_refused_by_name_until_the_quantity_is_entered_again(
    bolts, customer, rep
):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40))
    first, second = (a_submitted_order({bolts: 30}, customer=customer) for _order in range(2))
    confirm_order(first.pk, by=None)

    with pytest.raises(AgreementShort) as refusal:
        confirm_order(second.pk, by=None)
    assert f"Line 1, BOLT-M8: 30 asked for, 10 left of {agreement.number}." in str(refusal.value)
    assert drawn(agreement) == 30

    take_back_order(second.pk, by=rep)
    with pytest.raises(AgreementShort):
        submit_order(second.pk, by=rep)
    again = Edit(second.revision, change=[Change(second.lines.get().pk, ordered=30)])
    edit_order(second.pk, again, by=rep)
    assert parts(second) == [(10, 8), (20, 10)]
    confirm_order(submit_order(second.pk, by=rep).pk, by=rep)
    assert drawn(agreement) == 40


def test_an_agreement_that_ended_meanwhile_does_not_hold_for_the_day_of_the_order(bolts, customer):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40))
    order = a_submitted_order({bolts: 30}, customer=customer)
    before = a_submitted_order({bolts: 2}, customer=customer, ordered_on=in_days(-3))
    end_agreement(agreement.pk, by=None)

    with pytest.raises(AgreementShort, match="does not hold on the day of the order any more"):
        confirm_order(order.pk, by=None)

    confirm_order(before.pk, by=None)
    assert drawn(agreement) == 2


def test_what_was_quoted_is_sold_at_its_price_and_draws_what_is_left(bolts, customer, rep):
    agreement = an_agreement(customer, agreed(bolts, 8, maximum=40))
    quote = draft_quote(Header(customer.pk), [a_line(bolts, 30)], by=rep)
    accept_quote(send_quote(quote.pk, by=rep).pk, Acceptance("M. Kern"), by=rep)
    confirm_order(a_submitted_order({bolts: 25}, customer=customer).pk, by=None)

    order = order_from_quote(quote.pk, by=rep)
    confirm_order(submit_order(order.pk, by=rep).pk, by=rep)

    assert parts(order) == [(30, 8)]
    assert drawn(agreement) == 40
    cancel_order(order.pk, by=rep)
    assert drawn(agreement) == 25


def test_a_quote_offered_again_is_cut_where_the_agreement_has_less_left_by_now(bolts, customer, rep):
    an_agreement(customer, agreed(bolts, 8, maximum=40))
    quote = send_quote(draft_quote(Header(customer.pk), [a_line(bolts, 30)], by=rep).pk, by=rep)
    confirm_order(a_submitted_order({bolts: 25}, customer=customer).pk, by=None)

    renewed = renew_quote(quote.pk, by=rep, valid_until=in_days(9))

    version = renewed.versions.get(number=2)
    assert list(version.lines.values_list("ordered", "unit_price")) == [(15, 8), (15, 10)]
    assert version.total == 270


def test_the_statements_of_confirming_do_not_grow_with_the_lines_that_draw(
    django_assert_num_queries, house, customer
):
    counted = []
    for many in (2, 20):
        products = [a_product(on_hand=9) for _product in range(many)]
        an_agreement(customer, *(agreed(product, 8, maximum=5) for product in products))
        order = a_submitted_order(dict.fromkeys(products, 3), customer=customer)
        with django_assert_num_queries(19):
            confirm_order(order.pk, by=None)
        counted.append(order.lines.filter(draws__quantity=3).count())
    assert counted == [2, 20]
