"""The page that changes a confirmed order: first what it does, then it is done."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from fulfillment.services.releasing import release_order
from oms.models import Company
from orders.discounts import DocumentDiscount
from orders.forms import ChangeForm
from orders.models import Order
from tests.builders import (
    a_boss,
    a_charge_kind,
    a_company,
    a_confirmed_order,
    a_customer,
    a_product,
    a_rule,
    a_tax_rate,
    a_unit,
    a_user,
    a_warehouse,
    an_address,
    an_order,
    in_days,
    many_products,
)
from tests.changing.test_quantities import stands
from tests.promising.house import on_its_way

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    a_company()
    return a_warehouse("NORTH")


@pytest.fixture
def bolts(house):
    return a_product("BOLT-M8", on_hand=10, at=house)


@pytest.fixture
def client():
    client = Client()
    client.force_login(a_boss())
    return client


def address(order):
    return reverse("admin:orders_order_amend", args=[order.number])


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def filled(order, **values):
    """The form as the browser sends it; quantities are by position."""
    order = Order.objects.get(pk=order.pk)
    wanted = values.pop("quantities", {})
    lines = {
        f"line_{line.pk}": wanted.get(line.position, str(line.ordered - line.cancelled))
        for line in order.lines.all()
    }
    header = {
        "ship_to": order.ship_to_id,
        "warehouse": order.warehouse_id,
        "requested_on": order.requested_on,
    }
    return {"revision": order.revision, **header, **lines, "add": "", "reason": "", **values}


def previewed(client, order, **values):
    return client.post(address(order), {**filled(order, **values), "preview": "1"})


def applied(client, order, **values):
    """Show the effects and make the change with the button that stands beside them."""
    page = previewed(client, order, **values)
    (seen,) = re.findall(r'name="apply" value="(\w+)"', page.content.decode())
    return client.post(address(order), {**filled(order, **values), "apply": seen}, follow=True)


def test_it_shows_the_effects_first_and_changes_nothing(client, bolts):
    order = a_confirmed_order({bolts: 4})

    page = text(previewed(client, order, quantities={1: "12"}, add="BOLT-M8 3"))

    assert "4 → 12 C62" in page
    assert "BOLT-M8 Product BOLT-M8 new" in page
    assert "Nobody has to agree to it." in page
    assert stands(order, "ordered") == [4]


def test_the_button_beside_the_effects_makes_the_change(client, bolts):
    order = a_confirmed_order({bolts: 4})

    page = text(applied(client, order, quantities={1: "6"}, add="BOLT-M8 3", reason="they called"))

    assert f"{order.number} is changed." in page
    assert stands(order, "ordered", "allocated") == [(6, 6), (3, 3)]
    assert "they called BOLT-M8 4 C62 → 6 C62 BOLT-M8 + 3 C62" in page


def test_what_was_not_shown_is_shown_before_it_is_done(client, bolts):
    order = a_confirmed_order({bolts: 4})

    page = text(client.post(address(order), {**filled(order, quantities={1: "6"}), "apply": "another"}))

    assert "What the change does" in page
    assert stands(order, "ordered") == [4]


def test_who_has_to_agree_stands_beside_the_effects(client, bolts):
    a_rule(threshold=50)
    order = a_confirmed_order({bolts: 4})

    assert "total 60 is above 50" in text(previewed(client, order, quantities={1: "6"}))
    page = text(applied(client, order, quantities={1: "6"}))
    assert "is changed, and held until somebody agrees: total 60 is above 50" in page


def test_nothing_or_zero_takes_a_line_out_and_units_may_be_typed(client, house, bolts):
    nuts = a_product("NUT", on_hand=50, at=house)
    a_unit(nuts, "BX", numerator=12)
    order = a_confirmed_order({bolts: 4, nuts: 1})

    applied(client, order, quantities={1: "0", 2: "2 bx"})

    assert stands(order, "ordered") == [0, 24]


def test_what_is_not_understood_is_told_at_its_field_and_kept(client, bolts):
    order = a_confirmed_order({bolts: 4})

    answer = previewed(client, order, quantities={1: "lots"}, add="NO-SUCH 3")

    page = text(answer)
    assert "“lots” is not a quantity" in page
    assert "“NO-SUCH 3” is no SKU" in page or "“NO-SUCH” is no SKU" in page
    assert 'value="lots"' in answer.content.decode()


def test_a_refusal_is_told_with_its_remedy(client, bolts):
    order = a_confirmed_order({bolts: 4})
    release_order(order.pk, by=None)

    page = text(previewed(client, order, quantities={1: "3"}))

    assert "4 C62 are with the warehouse" in page
    assert "Ask the warehouse to take its shipment back first." in page


def test_day_and_place_are_changed_too(client, bolts):
    customer = a_customer()
    site = an_address(customer, "SITE")
    order = a_confirmed_order({bolts: 4}, customer=customer)

    page = text(previewed(client, order, requested_on=in_days(9).isoformat(), ship_to=site.pk))
    assert "Needed by" in page
    done = text(applied(client, order, requested_on=in_days(9).isoformat(), ship_to=site.pk))

    assert "needed by" in done
    order.refresh_from_db()
    assert (order.requested_on, order.ship_to) == (in_days(9), site)


def test_who_was_slower_sees_what_stands_there_now_and_may_go_on(client, bolts):
    order = a_confirmed_order({bolts: 4})
    applied(client, order, quantities={1: "5"})

    page = client.post(address(order), {**filled(order, quantities={1: "9"}), "revision": 0, "preview": "1"})

    assert "changed" in text(page)
    assert 'name="revision" value="1"' in page.content.decode()
    assert "What the change does" not in text(page)


def test_only_who_may_confirm_changes_and_only_orders_in_work(client, bolts):
    order, draft = a_confirmed_order({bolts: 4}), an_order({bolts: 1})
    rep = Client()
    rep.force_login(a_user("orders.view_order", "customers.view_all_customers", is_staff=True))

    assert rep.get(address(order)).status_code == 403
    assert "cannot be changed here" in text(client.get(address(draft), follow=True))
    assert "Change …" in text(client.get(reverse("admin:orders_order_change", args=[order.pk])))


def test_the_page_takes_as_many_statements_for_forty_lines_as_for_four(client, house):
    counts = []
    for n in (4, 40):
        order = a_confirmed_order(dict.fromkeys(many_products(n), 2))
        client.get(address(order))
        with CaptureQueriesContext(connection) as asked:
            client.get(address(order))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 20


def test_some_lines_become_an_order_of_their_own(client, house, bolts):
    order = a_confirmed_order({bolts: 4, a_product("NUT", on_hand=9, at=house): 3})
    split = reverse("admin:orders_order_split", args=[order.number])
    assert "Another order for some of it" in text(client.get(address(order)))

    page = client.post(
        split, {"lines": "2", "requested_on": in_days(9).isoformat(), "revision": 0}, follow=True
    )

    part = Order.objects.latest("pk")
    assert part.number in text(page)
    assert (stands(order, "ordered"), stands(part, "ordered")) == ([4, 0], [3])


def test_the_rest_is_closed_short_and_the_order_copied_by_their_buttons(client, bolts):
    order = a_confirmed_order({bolts: 14})
    release_order(order.pk, by=None)

    def press(step, **values):
        url = reverse(f"admin:orders_order_{step}", args=[order.number])
        return text(client.post(url, values, follow=True))

    page = text(client.get(reverse("admin:orders_order_change", args=[order.pk])))
    assert "Close short …" in page
    assert "Reason ▲ This field is required" in press("close_short")
    press("close_short", reason="out of production")
    assert stands(order, "cancelled") == [4]
    assert "draft" in press("copy")
    assert Order.objects.count() == 2


def test_a_large_quantity_stands_in_its_field_as_it_would_be_read(client, house):
    nails = a_product("NAIL", on_hand=5000, at=house)
    order = a_confirmed_order({nails: 1200})

    assert 'value="1200"' in client.get(address(order)).content.decode()


def test_what_a_change_leaves_as_agreed_is_not_asked_for(client, bolts):
    a_charge_kind("freight", amount=Decimal(15))
    order = a_confirmed_order({bolts: 4}, discount=DocumentDiscount(percent=Decimal(10)))

    page = client.get(address(order))
    done = applied(client, order, quantities={1: "6"}, discount="50", customer_po="4711", note="no")

    assert set(page.context["form"].fields) == ChangeForm.ASKED
    assert "Discount on all" not in text(page)
    assert "is changed" in text(done)
    order.refresh_from_db()
    assert (order.discount_percent, order.customer_po, order.note) == (10, "", "")


def test_the_total_of_the_effects_is_named_as_on_the_order(client, bolts):
    order = a_confirmed_order({bolts: 4})

    page = text(previewed(client, order, quantities={1: "6"}))

    assert "Net total 40.00 EUR → 60.00 EUR (+20.00 EUR)" in page
    assert " Total 4" not in page


@pytest.mark.parametrize(
    ("included", "net", "total"),
    [
        (False, "40.00 EUR → 20.00 EUR (-20.00 EUR)", "47.60 EUR → 23.80 EUR (-23.80 EUR)"),
        (True, "33.61 EUR → 16.81 EUR (-16.80 EUR)", "40.00 EUR → 20.00 EUR (-20.00 EUR)"),
    ],
)
def test_with_tax_the_effects_show_the_total_without_and_with_it(client, house, bolts, included, net, total):
    type(house).objects.update(country="DE")
    a_tax_rate(19)
    Company.objects.update(prices_include_tax=included)
    order = a_confirmed_order({bolts: 4})

    page = text(previewed(client, order, quantities={1: "2"}))

    assert f"Net total {net} Total {total}" in page


def test_a_day_of_another_year_is_told_with_it(client, house, bolts):
    far = in_days(600)
    on_its_way(bolts, house, 90, far)
    order = a_confirmed_order({bolts: 4})

    effects = text(previewed(client, order, quantities={1: "50"}))
    applied(client, order, quantities={1: "50"})
    shown = text(client.get(reverse("admin:orders_order_change", args=[order.pk])))

    line = order.lines.get()
    assert line.ship_on.year == far.year
    assert f"→ {date_format(line.promised_on, 'j M Y')}" in effects
    assert f"{date_format(line.ship_on, 'j M Y')} → {date_format(line.promised_on, 'j M Y')}" in shown
