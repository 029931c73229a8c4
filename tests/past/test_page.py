"""The page of the past: what is shown of which moment to whom, and the answers where there is nothing to show."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from oms.demo.clock import tell_the_database
from oms.models import ExchangeRate
from orders.discounts import DocumentDiscount
from orders.services.capturing import Header
from orders.services.confirming import confirm_order
from orders.services.drafting import Change, Edit, HeaderChange, edit_order
from orders.services.holding import hold_order, let_go_on
from orders.services.quoting import draft_quote, revise_quote, send_quote
from orders.services.remembering import moments_of
from orders.services.submitting import submit_order
from tests.builders import (
    a_boss,
    a_company,
    a_currency,
    a_customer,
    a_line,
    a_product,
    a_stock,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db
BEGAN = timezone.now() - timedelta(days=3)


def later(minutes: int) -> Any:
    """Let what follows happen so many minutes after the beginning."""
    moment = BEGAN + timedelta(minutes=minutes)
    tell_the_database(moment.isoformat())
    return moment


@pytest.fixture
def boss():
    a_company()
    a_warehouse("NORTH")
    return a_boss()


@pytest.fixture
def order(boss):
    """Entered at 0 with 5 bolts, 7 at minute 10, held at 20, confirmed at 30."""
    bolts, nuts = a_product("BOLT", price=10), a_product("NUT", price=2)
    a_stock(bolts, 100)
    later(0)
    order = an_order({bolts: 5, nuts: 4}, by=boss)
    type(order).objects.filter(pk=order.pk).update(created_at=BEGAN)
    later(10)
    change = Change(order.lines.get(position=1).pk, ordered=7)
    edit_order(order.pk, Edit(0, change=[change], header=HeaderChange(customer_po="PO-77")), by=boss)
    later(20)
    hold_order(order.pk, by=boss, reason="credit is asked")
    later(30)
    let_go_on(order.pk, by=boss)
    submit_order(order.pk, by=boss)
    confirm_order(order.pk, by=boss)
    return order


def page(client: Any, user: Any, order: Any, **asked: Any) -> Any:
    client.force_login(user)
    kind = type(order).__name__.lower()
    return client.get(f"/admin/orders/{kind}/{order.number}/past/", asked)


def typed(minutes: int) -> str:
    return (BEGAN + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S")


def told(answer: Any) -> dict[tuple[str, str], tuple[str, str, str]]:
    return {
        (one.of, one.what): (one.before, one.after, str(one.told.by[0]) if one.told and one.told.by else "")
        for one in answer.context["differences"]
    }


def test_a_moment_shows_the_document_as_it_was_and_what_has_changed_since(client, boss, order):
    answer = page(client, boss, order, at=typed(5))

    assert answer.context["then"].document.status == "draft"
    assert [(line.ordered, line.amount) for line in answer.context["lines"]] == [(5, 50), (4, 8)]
    assert answer.context["total"].amount == 58
    found = told(answer)
    me = str(boss)
    assert found["", "Status"] == ("draft", "confirmed", me)
    assert found["", "PO number"] == ("–", "PO-77", me)
    assert found["", "Total"] == ("58.00 EUR", "78.00 EUR", me)
    assert found["Line 1, BOLT", "Ordered"] == ("5 C62", "7 C62", me)
    assert found["Line 1, BOLT", "Allocated"] == ("0 C62", "7 C62", me)
    assert "Nothing can be changed here" in answer.content.decode()
    assert b'<form method="post"' not in answer.content.split(b"<main")[1]


def test_each_change_is_told_with_who_made_it_not_with_who_changed_something_else_of_it_later(
    client, boss, order
):
    somebody = a_user(username="somebody.else", is_superuser=True)
    later(40)
    hold_order(order.pk, by=somebody, reason="the address is asked")

    found = told(page(client, boss, order, at=typed(5)))

    assert found["", "Status"] == ("draft", "confirmed", str(boss))
    assert found["Line 1, BOLT", "Ordered"] == ("5 C62", "7 C62", str(boss))
    holds = {what: who for (of, what), (_before, _after, who) in found.items() if of.startswith("Hold")}
    assert (holds["credit is asked"], holds["the address is asked"]) == (str(boss), str(somebody))


def test_a_margin_of_then_is_by_the_rate_of_then(client, boss):
    """The draft is priced again at another rate; what it left before is still told by the old one."""
    dollar, euro = a_currency("USD"), a_currency()
    rate = ExchangeRate.objects.create(
        source=euro, target=dollar, rate=Decimal("1.25"), valid_from=in_days(-9)
    )
    bolts = a_product("BOLT", price=10)
    type(bolts).objects.filter(pk=bolts.pk).update(cost=8)
    later(0)
    order = an_order({bolts: 2}, a_customer(currency=dollar), by=boss)
    later(10)
    type(rate).objects.update(rate=2)
    edit_order(order.pk, Edit(0, change=[Change(order.lines.get().pk, ordered=4)]), by=boss)

    (line,) = page(client, boss, order, at=typed(5)).context["lines"]

    assert line.unit_price == Decimal("12.5")
    assert line.margin_percent == 20
    assert order.lines.get().unit_price == 20


def test_what_became_the_same_in_several_lines_at_once_is_told_once(client, boss):
    later(0)
    order = an_order({a_product(): 2, a_product(): 5, a_product(): 5, a_product(): 5}, by=boss)
    later(1)
    change = [Change(line.pk, ordered=9) for line in order.lines.all()]
    edit_order(order.pk, Edit(0, change=change), by=boss)

    found = told(page(client, boss, order, moment=moments_of(order).first().pk))

    assert found["Lines 2–4", "Ordered"] == ("5 C62", "9 C62", str(boss))
    assert found[f"Line 1, {order.lines.first().product.sku}", "Ordered"][0] == "2 C62"


def test_between_two_moments_only_what_changed_there_is_told_with_who_when_and_why(client, boss, order):
    answer = page(client, boss, order, at=typed(15), until=typed(25))

    (one,) = answer.context["differences"]
    assert (one.of, one.what, one.before, one.after) == ("Hold, manual", "credit is asked", "–", "open")
    assert one.told.why == ["credit is asked"]
    assert one.told.moment.at == BEGAN + timedelta(minutes=20)


def test_each_event_of_the_history_leads_to_its_moment(client, boss, order):
    held = order.events.get(kind="held")

    answer = page(client, boss, order, event=held.version)

    assert answer.context["first"].at == BEGAN + timedelta(minutes=20)
    assert [reason for _hold, reason in answer.context["holds"]] == ["credit is asked"]


def test_all_moments_are_listed_with_who_and_what_the_newest_first(client, boss, order):
    answer = page(client, boss, order)

    listed = [(one.moment.at - BEGAN, [event.kind for event in one.events], one.by)
              for one, _before in answer.context["moments"]]  # fmt: skip
    assert listed == [
        (timedelta(minutes=30), ["hold ended", "submitted", "confirmed", "short"], [boss]),
        (timedelta(minutes=20), ["held"], [boss]),
        (timedelta(minutes=10), [], [boss]),
        (timedelta(0), ["entered"], [boss]),
    ]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"at": typed(-5)}, "before that there was nothing"),
        ({"at": "2999-01-01T00:00"}, "has not come yet"),
        ({"at": "yesterday"}, "is no moment"),
        ({"at": "2026-02-31T10:00"}, "is no moment"),
        ({"at": "0001-01-01T00:00"}, "is no moment"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "is no moment"),
        ({"at": "9999-12-31T23:59:59-23:59"}, "is no moment"),
        ({"at": "2026-01-02T10:00:00+17:00"}, "before that there was nothing"),
        ({"at": typed(15), "until": "2026-01-02T10:00:00+23:59"}, "before that there was nothing"),
        ({"at": typed(25), "until": typed(15)}, "The second moment is before the first"),
    ],
)
def test_for_other_moments_there_is_a_sentence(client, boss, order, asked, says):
    answer = page(client, boss, order, **asked)

    assert answer.status_code == 200
    assert says in answer.context["refusal"]
    assert "then" not in answer.context


@pytest.mark.parametrize(
    "asked", [{"moment": "x"}, {"moment": "9" * 30}, {"moment": "987654321"}, {"event": "-1"}]
)
def test_a_moment_that_is_none_of_the_document_is_not_found(client, boss, order, asked):
    assert page(client, boss, order, **asked).status_code == 404


def test_the_past_of_another_order_is_not_opened_by_its_moment(client, boss, order):
    other = an_order({a_product(): 1}, by=boss)

    assert page(client, boss, order, moment=moments_of(other).first().pk).status_code == 404


def test_who_does_not_see_the_order_does_not_see_its_past(client, order):
    stranger = a_user("orders.view_order", is_staff=True)

    assert page(client, stranger, order).status_code == 404


def test_the_warehouse_sees_no_prices_and_nothing_before_the_confirmation(client, boss, order):
    picker = a_user("orders.view_order", "orders.view_warehouse_orders", is_staff=True)
    order.warehouse.members.add(picker)

    refused = page(client, picker, order, at=typed(15))
    seen = page(client, picker, order, at=typed(31))

    assert "was not confirmed yet" in refused.context["refusal"]
    assert [line.ordered for line in seen.context["lines"]] == [7, 4]
    assert b"78.00" not in seen.content
    assert b"10.00 EUR" not in seen.content


def test_costs_are_told_of_the_past_only_to_those_who_see_them_now(client, boss, order):
    order.lines.filter(position=1).update(unit_cost=Decimal("3.33"))
    rep = a_user("orders.view_order", "orders.view_quote", "customers.view_all_customers", is_staff=True)

    assert ("Line 1, BOLT", "Cost per base unit") in told(page(client, boss, order, at=typed(5)))
    answer = page(client, rep, order, at=typed(5))
    assert ("Line 1, BOLT", "Cost per base unit") not in told(answer)
    assert b"3.33" not in answer.content
    assert not answer.context["margin"]


def test_the_lines_of_another_version_of_a_quote_are_compared_with_those_they_were_copied_from(client, boss):
    later(0)
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product("BOLT", price=10), 3)], by=boss)
    later(1)
    send_quote(quote.pk, by=boss)
    revise_quote(quote.pk, by=boss)
    from orders.services.drafting import edit_quote

    line = quote.versions.get(number=2).lines.get()
    off = HeaderChange(discount=DocumentDiscount(Decimal(10), Decimal(0)))
    edit_quote(quote.pk, Edit(0, change=[Change(line.pk, ordered=4)], header=off), by=boss)

    answer = page(client, boss, quote, moment=moments_of(quote).first().pk)

    found = told(answer)
    assert found["", "Quote version"][:2] == ("1", "2")
    assert found["Line 1, BOLT", "Ordered"] == ("3 C62", "4 C62", str(boss))
    assert found["", "Total"][:2] == ("30.00 EUR", "36.00 EUR")


def test_the_page_takes_as_many_statements_for_many_lines_and_changes_as_for_few(client, boss):
    counted = []
    for n in (2, 20):
        later(0)
        order = an_order({a_product(): 3 for _i in range(n)}, by=boss)
        for minute in range(n):
            later(minute + 1)
            change = [Change(line.pk, ordered=minute + 5) for line in order.lines.all()]
            edit_order(order.pk, Edit(minute, change=change), by=boss)
        page(client, boss, order)
        with CaptureQueriesContext(connection) as statements:
            answer = page(client, boss, order, moment=moments_of(order).first().pk)
        assert len(answer.context["lines"]) == n
        counted.append(len(statements))

    assert counted[0] == counted[1]
