"""The pages of counts, adjustments and quarantine: who may, what they say, what they refuse."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fulfillment.services.releasing import release_order
from inventory.models import BinStock, CountRound, CountSheet, StockAdjustment, StockLevel
from inventory.services.adjusting import Difference, Why, propose_adjustments
from inventory.services.moving import Cause, receive_stock
from inventory.services.quarantining import quarantine_stock
from inventory.services.sheets import Choice, open_count_sheet
from inventory.status import AdjustmentReason, LocationKind
from orders.models import OrderLine
from tests.builders import (
    a_cable,
    a_confirmed_order,
    a_product,
    a_unit,
    a_user,
    a_warehouse,
    first_bin,
    many_products,
)
from tests.fulfillment.floor import signed_in

pytestmark = pytest.mark.django_db

COUNTER = ("inventory.view_countsheet", "inventory.count_stock", "inventory.add_countsheet")
LEAD = (
    *COUNTER,
    "inventory.view_stockadjustment",
    "inventory.add_stockadjustment",
    "inventory.decide_stockadjustment",
    "inventory.quarantine_stock",
    "inventory.view_binstock",
    "inventory.view_stocklevel",
)
INBOX = reverse("admin:inventory_stockadjustment_inbox")


def worker(house, *rights):
    user = a_user(*(rights or LEAD), is_staff=True)
    house.members.add(user)
    return user


@pytest.fixture
def lead(house):
    return signed_in(worker(house))


@pytest.fixture
def sheet(house, bolts, anna):
    return open_count_sheet(Choice(house), by=anna)


def count_page(sheet):
    return reverse("admin:inventory_countsheet_count", args=[sheet.pk])


def test_a_sheet_is_made_counted_and_closed(lead, house, bolts):
    lead.post(
        reverse("admin:inventory_countsheet_add"), {"warehouse": house.pk, "last": "A-2", "note": "aisle A"}
    )
    sheet = CountSheet.objects.get()
    first, second = sheet.stops.in_walk_order()

    text = lead.get(count_page(sheet)).content.decode()
    assert "BOLT" in text
    form = text.partition("data-count-form")[2].partition("</form>")[0]
    assert "100" not in form  # blind
    sent = {"stop": first.pk, "seen": 0, f"found-{bolts.pk}": "97"}
    answer = lead.post(count_page(sheet), sent, follow=True).content.decode()
    assert "Small differences are booked" in answer
    assert ">A-2<" in answer
    lead.post(count_page(sheet), {"stop": second.pk, "seen": 0})
    assert "Every bin is counted" in lead.get(count_page(sheet)).content.decode()
    lead.post(reverse("admin:inventory_countsheet_close", args=[sheet.pk]))
    assert CountSheet.objects.get().status == "closed"
    assert "This sheet is closed" in lead.get(count_page(sheet)).content.decode()
    page = lead.get(reverse("admin:inventory_countsheet_change", args=[sheet.pk])).content.decode()
    assert "2 of 2 bins are counted" in page
    assert "1 booked" in page


def test_the_second_counter_sees_who_was_first_keeps_what_was_typed_and_may_recount(
    lead, sheet, house, bolts
):
    stop = sheet.stops.in_walk_order().first()
    other = worker(house, *COUNTER)
    sent = {"stop": stop.pk, "seen": 0, f"found-{bolts.pk}": "60"}
    signed_in(other).post(count_page(sheet), sent)

    text = lead.post(count_page(sheet), {**sent, "operation": uuid.uuid4().hex}).content.decode()

    assert f"{other} counted it at" in text
    assert 'value="60"' in text
    assert 'name="seen" value="1"' in text
    lead.post(count_page(sheet), {**sent, "seen": 1})
    assert CountRound.objects.count() == 2
    assert StockAdjustment.objects.waiting().count() == 1


def test_a_count_that_is_sent_twice_is_entered_once(lead, sheet, bolts):
    stop = sheet.stops.in_walk_order().first()
    sent = {"stop": stop.pk, "seen": 0, f"found-{bolts.pk}": "97", "operation": uuid.uuid4().hex}

    for _n in range(2):
        assert lead.post(count_page(sheet), sent).status_code == 302
    assert CountRound.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1.5", "1e3", "-1", "9" * 30, "999999999999999", "NaN", "\u0661"]
)
def test_an_empty_field_or_garbage_is_no_count(lead, sheet, bolts, text):
    stop = sheet.stops.in_walk_order().first()

    answer = lead.post(count_page(sheet), {"stop": stop.pk, "seen": 0, f"found-{bolts.pk}": text})

    assert answer.status_code == 200
    assert 'data-kind="warn"' in answer.content.decode()
    assert not CountRound.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"seen": "x"}, {"found-x": "1"}, {"found-999999999": "1"}, {"extra-1": "NIX", "extra-found-1": "1"},
        {"extra-1": "BOLT", "extra-found-1": ""}, {"seen": "-1"}, {"seen": "99999999999999"},
    ],
)  # fmt: skip
def test_nonsense_in_the_count_form_is_refused(lead, sheet, bolts, sent):
    stop = sheet.stops.in_walk_order().first()

    answer = lead.post(count_page(sheet), {"stop": stop.pk, "seen": 0, f"found-{bolts.pk}": "100", **sent})

    assert answer.status_code == 200
    assert not CountRound.objects.exists()


def test_what_nobody_expected_is_entered_by_sku_or_gtin(lead, sheet, bolts):
    nuts = a_product("NUT")
    a_unit(nuts, "BX", 10, gtin="4001234567890")
    stop = sheet.stops.in_walk_order().first()
    sent = {"stop": stop.pk, "seen": 0, f"found-{bolts.pk}": "100", "extra-1": "4001234567890"}

    lead.post(count_page(sheet), {**sent, "extra-found-1": "4"})

    assert BinStock.objects.get(product=nuts).quantity == 4


def test_sheets_and_differences_of_other_warehouses_are_not_there(sheet, house, bolts, bins, anna):
    made = propose_adjustments([Difference(bolts.pk, bins[0], -50)], Why(AdjustmentReason.LOST), by=anna)
    stranger = signed_in(worker(a_warehouse("EAST")))

    assert stranger.get(count_page(sheet)).status_code == 404
    assert stranger.post(reverse("admin:inventory_countsheet_close", args=[sheet.pk])).status_code == 404
    decide = reverse("admin:inventory_stockadjustment_decide", args=[made[0].pk])
    assert stranger.post(decide, {"verdict": "approve"}).status_code == 404
    assert made[0].number not in stranger.get(INBOX).content.decode()
    rights = ("view_stockadjustment", "decide_stockadjustment", "decide_everywhere")
    finance = signed_in(a_user(*(f"inventory.{right}" for right in rights), is_staff=True))
    assert made[0].number in finance.get(INBOX).content.decode()


def waiting(product, place, by, quantity=-50):
    return propose_adjustments([Difference(product.pk, place, quantity)], Why(AdjustmentReason.LOST), by=by)[
        0
    ]


def test_the_inbox_decides_with_one_tap_and_tells_who_lost(lead, bolts, bins, anna):
    order = a_confirmed_order({bolts: 80})
    one = waiting(bolts, bins[0], anna)

    page = lead.get(INBOX).content.decode()
    assert "100 → 50" in page
    assert "worth" not in page  # cost is not for everybody
    answer = lead.post(
        reverse("admin:inventory_stockadjustment_decide", args=[one.pk]), {"verdict": "approve"}, follow=True
    ).content.decode()

    assert f"{order} (30 BOLT)" in answer
    assert OrderLine.objects.get(order=order).allocated == 50
    assert "Nothing waits for you" in answer


def test_a_rejection_wants_a_reason(lead, bolts, bins, anna):
    one = waiting(bolts, bins[0], anna)
    decide = reverse("admin:inventory_stockadjustment_decide", args=[one.pk])

    assert "Say why" in lead.post(decide, {"verdict": "reject", "note": " "}, follow=True).content.decode()
    assert lead.post(decide, {"verdict": "maybe"}).status_code == 400
    lead.post(decide, {"verdict": "reject", "note": "count first"})
    one.refresh_from_db()
    assert (one.status, one.decision_note) == ("rejected", "count first")


def test_ones_own_is_not_offered_and_not_taken(house, bolts, bins):
    user = worker(house)
    one = waiting(bolts, bins[0], user)
    client = signed_in(user)

    assert "1 of your own waits for somebody else" in client.get(INBOX).content.decode()
    answer = client.post(
        reverse("admin:inventory_stockadjustment_decide", args=[one.pk]), {"verdict": "approve"}, follow=True
    )
    assert "proposed by you" in answer.content.decode()
    assert StockLevel.objects.get().on_hand == 100


def test_what_is_found_is_promised_at_once_to_who_waits(lead, house, bolts, bins):
    order = a_confirmed_order({bolts: 105})
    sent = {"product": "BOLT", "location": "A-2", "difference": "5", "reason": "found", "note": ""}

    lead.post(reverse("admin:inventory_stockadjustment_add"), sent)

    assert OrderLine.objects.get(order=order).allocated == 105


def test_stock_goes_into_quarantine_and_out_again(lead, bolts):
    url = "admin:inventory_stockadjustment_"
    order = a_confirmed_order({bolts: 95})
    sent = {"product": "BOLT", "location": "A-1", "quantity": "20", "reason": "wet"}

    assert "Nothing lies in quarantine" in lead.get(reverse(f"{url}quarantine")).content.decode()
    answer = lead.post(reverse(f"{url}set_aside"), sent, follow=True).content.decode()
    assert f"{order} (15 BOLT)" in answer
    listed = lead.get(reverse(f"{url}quarantine")).content.decode()
    assert "MAIN/QUARANTINE" in listed
    assert "difference=-20" in listed
    free = {"product": "BOLT", "source": "QUARANTINE", "target": "A-2", "quantity": "20", "reason": "dry"}
    lead.post(reverse(f"{url}set_free"), free)
    assert OrderLine.objects.get(order=order).allocated == 95


def test_what_is_being_picked_stays_out_of_quarantine(lead, bolts):
    release_order(a_confirmed_order({bolts: 95}).pk, by=None)
    sent = {"product": "BOLT", "location": "A-1", "quantity": "20", "reason": "wet"}

    text = lead.post(reverse("admin:inventory_stockadjustment_set_aside"), sent).content.decode()

    assert "picked short" in text
    assert StockLevel.objects.get().on_hand == 100


def test_only_those_who_answer_for_the_company_change_the_limits(house):
    boss = a_user("inventory.view_warehouse", "inventory.change_warehouse", is_staff=True)
    url = reverse("admin:inventory_warehouse_change", args=[house.pk])

    sent = {
        "code": "MAIN",
        "name": "MAIN",
        "zone": "Europe/Berlin",
        "ship_cut_off": "15:00",
        "put_away_days": "0",
        "transit_days": "2",
        "working_days": ["1", "2", "3", "4", "5"],
        "adjust_units": "9999",
    }
    answer = signed_in(boss).post(url, {**sent, "adjust_value": "9999"})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    house.refresh_from_db()
    assert house.adjust_units == 10


def statements(client, url):
    client.get(url)  # what is read once and kept
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_pages_ask_as_much_for_many_as_for_few(house, bins, anna):
    client = signed_in(worker(house))
    sheet = open_count_sheet(Choice(house), by=anna)
    counts = []
    for n in (3, 40):
        products = many_products(n)
        receive_stock({p.pk: 50 for p in products}, bins[0], Cause("OPENING", None))
        for product in products:
            waiting(product, bins[0], anna, -20)
        quarantine_stock({p.pk: 1 for p in products}, bins[0], "wet", by=anna)
        urls = [
            INBOX, count_page(sheet), reverse("admin:inventory_countsheet_change", args=[sheet.pk]),
            reverse("admin:inventory_stockadjustment_quarantine"),
            reverse("admin:inventory_stockadjustment_changelist"), reverse("admin:inventory_countsheet_changelist"),
        ]  # fmt: skip
        counts.append([statements(client, url) for url in urls])
    assert counts[0] == counts[1]


def test_a_quarantine_that_is_there_is_used(lead, house, bolts):
    house.locations.create(code="CAGE", kind=LocationKind.QUARANTINE)
    sent = {"product": "BOLT", "location": "A-1", "quantity": "2", "reason": "wet"}

    lead.post(reverse("admin:inventory_stockadjustment_set_aside"), sent)

    assert BinStock.objects.get(location__code="CAGE").quantity == 2


def test_cable_is_counted_by_the_metre(lead, house):
    cable = a_cable("NYM", metres=100, at=first_bin(house))
    lead.post(reverse("admin:inventory_countsheet_add"), {"warehouse": house.pk, "last": "A-1", "note": ""})
    sheet = CountSheet.objects.get()
    stop = sheet.stops.in_walk_order().first()

    page = lead.get(count_page(sheet))
    assert page.context["device"]["codes"]["NYM"] == [cable.pk, 1000]
    assert "metre</span>" in page.content.decode()
    lead.post(
        count_page(sheet),
        {"stop": stop.pk, "seen": 0, f"found-{cable.pk}": "99.5", f"each-{cable.pk}": "1000"},
    )

    assert list(stop.rounds.get().entries.filter(product=cable).values_list("found", flat=True)) == [99_500]
