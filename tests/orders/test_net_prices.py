"""A price in a counter-offer is net of the line's discounts, for the customer and for who answers it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from oms.money import round_half_up
from oms.verify import breaches
from orders.discounts import DocumentDiscount, on_line
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.drafting import Change, Edit, HeaderChange, edit_quote
from orders.services.meeting import CounterReply, Met, answer_counter, answer_in, preview_answer
from orders.services.negotiating import Counter, Wanted, counter_by_link
from orders.services.quoting import draft_quote, send_quote
from orders.status import Meeting
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse
from tests.orders.test_meeting import by_sku, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    a_company()
    a_warehouse("MAIN")
    return a_boss()


@pytest.mark.parametrize(
    ("discounts", "net", "wanted", "terms_then"),
    [
        ((), "10", "8.50", ("8.50", 0)),
        ((10,), "9", "8.50", ("8.50", 0)),
        ((10,), "9", "9", ("10", 10)),
        ((10, 10), "8.1", "8", ("8", 0)),
        ((33, 33, 33), "3.00763", "3.00763", ("10", Decimal("69.9237"))),
        ((100,), "0", "1.20", ("1.20", 0)),
    ],
)
def test_a_price_of_theirs_is_what_a_unit_costs_with_its_discounts_taken_off(
    client, boss, discounts, net, wanted, terms_then
):
    given = on_line([Decimal(one) for one in discounts])
    line = a_line(a_product("BOLT", price=10), 100)._replace(**given)
    quote = send_quote(draft_quote(Header(a_customer().pk), [line], by=boss).pk, by=boss)
    token = make_link(quote.pk, by=None)

    shown = client.get(reverse("public:quote_counter", args=[token])).content.decode()
    legend = shown[shown.index("<legend>") : shown.index("</legend>")]
    assert f"× {Decimal(net):.2f}" in legend or f"× {net}" in legend
    assert all(f"{one} %" in legend for one in discounts)
    offer = counter_by_link(token, Counter("M. Kern", "", {1: Wanted(price=Decimal(wanted))}), ip=None)
    met = CounterReply(lines={offer.lines.get().pk: Met(Meeting.MET)})
    comes_to = preview_answer(offer.pk, met, by=boss)
    version = answer_counter(offer.pk, met, by=boss).versions.get(number=2)

    stands = version.lines.get()
    assert (stands.unit_price, stands.discount_percent) == tuple(map(Decimal, terms_then))
    assert version.total == comes_to == round_half_up(100 * Decimal(wanted), 2)
    assert answer_in(version).lines.all()[0].came_to == Meeting.MET
    assert list(breaches()) == []


def test_what_is_proposed_is_net_of_discounts_too_and_a_quantity_alone_keeps_them(boss):
    given = on_line([Decimal(10)])
    lines = [a_line(a_product(sku, price=10), 10)._replace(**given) for sku in ("BOLT", "NUT")]
    quote = send_quote(draft_quote(Header(a_customer().pk), lines, by=boss).pk, by=boss)
    wishes = {1: Wanted(price=Decimal(8)), 2: Wanted(quantity=Decimal(20))}
    offer = counter_by_link(make_link(quote.pk, by=None), Counter("M. Kern", "", wishes), ip=None)
    met = by_sku(offer, BOLT=Met(Meeting.PROPOSED, price=Decimal("8.80")), NUT=Met(Meeting.MET))

    version = answer_counter(offer.pk, CounterReply("", met), by=boss).versions.get(number=2)

    assert [(one.unit_price, one.discount_percent, one.amount) for one in version.lines.all()] == [
        (Decimal("8.80"), 0, 88), (10, 10, 180),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("discount", "told"),
    [(DocumentDiscount(percent=Decimal(8)), "8 %"), (DocumentDiscount(amount=Decimal(5)), "5.00 EUR")],
)
def test_a_discount_on_all_is_told_to_both_and_taken_off_besides(client, boss, discount, told):
    line = a_line(a_product("BOLT", price=10), 10)._replace(**on_line([Decimal(10)]))
    header = replace(Header(a_customer().pk), discount=discount)
    quote = send_quote(draft_quote(header, [line], by=boss).pk, by=boss)
    token = make_link(quote.pk, by=None)
    theirs = client.get(reverse("public:quote_counter", args=[token])).content.decode()
    offer = counter_by_link(token, Counter("M. Kern", "", {1: Wanted(price=Decimal(8))}), ip=None)
    client.force_login(boss)
    ours = client.get(page_of(quote, offer))

    assert f"The discount of {told} on all is taken off besides" in theirs
    assert f"The discount of {told} on all is taken off besides" in ours.content.decode()
    wanted = 80 - discount.off(Decimal(80), exponent=2)
    assert [one.amount for one in ours.context["comes_to"]] == [quote.versions.get().total, wanted]
    client.post(page_of(quote, offer), {f"m-{offer.lines.get().pk}": "met"})
    assert quote.versions.get(number=2).total == wanted


def test_what_was_agreed_to_and_is_gone_or_dearer_by_the_discount_on_all_is_something_else(boss):
    product = a_product("BOLT", price=10)
    header = replace(Header(a_customer().pk), discount=DocumentDiscount(percent=Decimal(8)))
    quote = send_quote(draft_quote(header, [a_line(product, 10), a_line(product, 20)], by=boss).pk, by=boss)
    wishes = {1: Wanted(price=Decimal(9)), 2: Wanted(price=Decimal(8))}
    offer = counter_by_link(make_link(quote.pk, by=None), Counter("M. Kern", "", wishes), ip=None)
    met = {one.pk: Met(Meeting.MET) for one in offer.lines.all()}
    drafted = answer_counter(offer.pk, CounterReply("", met), by=boss)
    version = drafted.versions.get(number=2)

    def told():
        version.refresh_from_db()
        return [str(one.came_to) for one in answer_in(version).lines.all()]

    assert told() == ["met", "met"]
    first = version.lines.get(position=1)
    swap = Change(first.pk, ordered=20, unit_price=Decimal(8))
    edited = edit_quote(quote.pk, Edit(drafted.revision, change=[swap]), by=boss)
    assert told() == [
        "proposed",
        "met",
    ]  # what stands in another line of the product is no answer to this wish
    back = Edit(edited.revision, change=[Change(first.pk, ordered=10, unit_price=Decimal(9))])
    edited = edit_quote(quote.pk, back, by=boss)
    assert told() == ["met", "met"]
    dearer = HeaderChange(discount=DocumentDiscount(percent=Decimal(5)))
    edited = edit_quote(quote.pk, Edit(edited.revision, header=dearer), by=boss)
    assert told() == ["proposed", "proposed"]
    edit_quote(
        quote.pk,
        Edit(edited.revision, remove=frozenset(version.lines.values_list("pk", flat=True))),
        by=boss,
    )
    assert told() == ["proposed", "proposed"]
