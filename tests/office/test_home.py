import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import PurchaseOrder, PurchaseOrderLine, RestockAlert, Supplier
from inventory.status import AlertKind
from oms.models import User
from orders.services.capturing import Header
from orders.services.holding import hold_order
from orders.services.quoting import draft_quote, send_quote
from tests.builders import (
    a_boss,
    a_company,
    a_confirmed_order,
    a_customer,
    a_line,
    a_product,
    a_rule,
    a_shipment,
    a_submitted_order,
    a_team,
    a_user,
    a_warehouse,
    an_order,
    in_days,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(db):
    a_company(street="Kai 1", zone="UTC")


def a_person(role: str) -> User:
    return a_user(groups=[Group.objects.get(name=role)], is_staff=True)


def home_of(client, person: User) -> dict[str, object]:
    client.force_login(person)
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return {str(card.title): card for card in answer.context["cards"]}


ROLES = {
    "Sales rep": {
        "My quote drafts",
        "Sent quotes",
        "My order drafts",
        "Ready to confirm",
        "Late",
        "Last customers",
    },
    "Sales manager": {"Approvals waiting for you", "Held orders", "Confirmed this month"},
    "Warehouse operator": {"Next shipment to pick", "In the warehouse", "Bins to count"},
    "Warehouse supervisor": {
        "To release",
        "Short picks",
        "Bins to count",
        "Restock alerts",
        "In the warehouse",
    },
    "Finance": {"Completed, not closed", "Held orders", "Approvals waiting for you"},
    "Catalogue manager": {"Products without a price", "Restock alerts"},
    "Buyer": {"Restock alerts", "Purchases due in 7 days"},
    "Administrator": {"Order mails not sent", "Shipment mails not sent", "API keys that end in 30 days"},
}
STARTS = {
    "Sales rep": {"New quote", "New order"},
    "Sales manager": {"New quote", "New order", "Decide approvals"},
    "Warehouse supervisor": {"Release orders"},
}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_has_its_own_home(client, role):
    cards = home_of(client, a_person(role))

    assert ROLES[role] <= cards.keys()
    foreign = set().union(*ROLES.values()) - ROLES[role]
    allowed_too = {
        "Sales manager": ROLES["Sales rep"],
        "Warehouse supervisor": ROLES["Warehouse operator"] | {"Purchases due in 7 days"},
        "Finance": {"Confirmed this month"},
    }
    assert not cards.keys() & (foreign - allowed_too.get(role, set()))


@pytest.mark.parametrize("role", ROLES)
def test_a_home_without_work_says_so_in_a_sentence(client, role):
    for title, card in home_of(client, a_person(role)).items():
        if card.is_empty:
            assert str(card.empty).endswith("."), title


def test_a_person_without_a_role_is_told_whom_to_ask(client):
    client.force_login(a_user(is_staff=True))

    assert b"Ask an administrator" in client.get("/admin/").content


def test_a_rep_sees_the_own_work_and_nobody_elses(client):
    rep, other = a_person("Sales rep"), a_person("Sales rep")
    product = a_product(on_hand=100)
    mine, theirs = a_customer("Kern AG", rep=rep), a_customer("Baltic", rep=other)
    an_order({product: 1}, customer=mine, by=rep)
    a_submitted_order({product: 1}, customer=mine, by=rep)
    a_submitted_order({product: 1}, customer=theirs, by=other)

    cards = home_of(client, rep)

    assert cards["My order drafts"].number == 1
    assert cards["Ready to confirm"].number == 1
    assert "Kern AG" in cards["Ready to confirm"].rows[0].text
    assert [row.text for row in cards["Last customers"].rows] == ["Kern AG"]


def test_a_rep_sees_what_waits_for_whom_and_why(client):
    rep, manager, _here = a_person("Sales rep"), a_person("Sales manager"), a_warehouse()
    a_team(rep, manager)
    managers = Group.objects.get(name="Sales manager")
    a_rule(threshold=1, approvers=managers)
    customer = a_customer(rep=rep, team=rep.sales_teams.get())
    a_submitted_order({a_product(price=10): 5}, customer=customer, by=rep)

    waiting = home_of(client, rep)["Waiting for approval"]
    asked = home_of(client, manager)["Approvals waiting for you"]
    held = home_of(client, manager)["Held orders"]

    assert (waiting.number, asked.number, held.number) == (1, 1, 1)
    assert "50" in waiting.rows[0].note
    client.force_login(rep)
    assert len(client.get(waiting.url).context["cl"].result_list) == 1
    client.force_login(manager)
    assert len(client.get(waiting.url).context["cl"].result_list) == 0, "the manager submitted nothing"
    assert "oldest" in asked.word


def test_a_quote_that_ends_today_is_pointed_out(client):
    rep, _here = a_person("Sales rep"), a_warehouse()
    quote = draft_quote(Header(a_customer(rep=rep).pk), [a_line(a_product(), 1)], by=rep)
    type(quote).objects.filter(pk=quote.pk).update(valid_until=in_days(0))
    send_quote(quote.pk, by=rep)

    card = home_of(client, rep)["Sent quotes"]

    assert (card.number, card.word, card.tone) == (1, "1 ends today", "due")


def test_what_is_short_and_late_is_named(client):
    rep, _here = a_person("Sales rep"), a_warehouse()
    a_confirmed_order({a_product(): 3}, customer=a_customer("Kern AG", rep=rep), by=rep,
                      ordered_on=in_days(-3), requested_on=in_days(-2))  # fmt: skip

    cards = home_of(client, rep)

    assert cards["Backordered"].number == 1
    assert cards["Late"].number == 1


def test_a_card_opens_a_list_of_as_many_as_it_counts(client):
    rep, other = a_person("Sales rep"), a_person("Sales rep")
    product, customer = a_product(on_hand=100, at=a_warehouse()), a_customer(rep=rep, team=a_team(rep, other))
    for by in (rep, other):
        an_order({product: 1}, customer=customer, by=by)
        draft_quote(Header(customer.pk), [a_line(product, 1)], by=by)
        a_submitted_order({product: 1}, customer=customer, by=by)
    held = a_submitted_order({product: 1}, customer=customer, by=rep)
    hold_order(held.pk, by=a_boss(), reason="wait for the call")
    a_confirmed_order(
        {a_product(): 3}, customer=customer, by=rep, ordered_on=in_days(-3), requested_on=in_days(-2)
    )

    cards = home_of(client, rep)

    expected = {
        "My quote drafts": 1,
        "My order drafts": 1,
        "Ready to confirm": 2,
        "Backordered": 1,
        "Late": 1,
    }
    listed = {name: client.get(cards[name].url).context["cl"].result_count for name in expected}
    assert {name: cards[name].number for name in expected} == listed == expected
    assert cards["Backordered"].word == "order waits for stock"


def test_a_picker_is_led_to_the_next_shipment_of_the_own_warehouse(client):
    picker, here, elsewhere = a_person("Warehouse operator"), a_warehouse("HH"), a_warehouse("KA")
    here.members.add(picker)
    a_shipment({a_product(on_hand=9, at=elsewhere): 1}, warehouse_id=elsewhere.pk)
    ours = a_shipment({a_product(on_hand=9, at=here): 1}, warehouse_id=here.pk)

    cards = home_of(client, picker)

    assert cards["Next shipment to pick"].number == ours.number
    assert cards["Next shipment to pick"].url
    assert cards["In the warehouse"].number == 1


def test_a_supervisor_sees_what_can_be_released(client):
    lead, here = a_person("Warehouse supervisor"), a_warehouse("HH")
    here.members.add(lead)
    a_confirmed_order({a_product(on_hand=9, at=here): 1}, warehouse_id=here.pk)

    assert home_of(client, lead)["To release"].number == 1


def test_a_catalogue_manager_sees_what_nobody_can_order(client):
    a_product("PRICED")
    a_product("BARE", price=None)

    card = home_of(client, a_person("Catalogue manager"))["Products without a price"]

    assert [row.text for row in card.rows] == ["BARE"]


def some_supply(count: int) -> None:
    site, supplier = a_warehouse(), Supplier.objects.create(code=f"S{count}", name="Hydra")
    for n in range(count):
        product = a_product(price=None)
        RestockAlert.objects.create(
            product=product, warehouse=site, kind=AlertKind.REORDER, on_hand=1, inbound=0, demand=5,
            reorder_point=3, suggested=n,
        )  # fmt: skip
        order = PurchaseOrder.objects.create(supplier=supplier, warehouse=site)
        PurchaseOrderLine.objects.create(
            purchase_order=order, product=product, ordered=5, expected_on=in_days(-n)
        )


def test_a_buyer_sees_what_to_buy_and_what_is_late(client):
    some_supply(3)

    cards = home_of(client, a_person("Buyer"))

    assert cards["Restock alerts"].number == 3
    assert "buy 2 C62" in cards["Restock alerts"].rows[2].note
    assert cards["Purchases due in 7 days"].word == "lines, 2 late"


def test_an_administrator_is_led_through_setting_up(client):
    admin = a_person("Administrator")
    client.force_login(admin)

    before = client.get("/admin/").context
    a_warehouse(), a_product(), a_customer(), a_person("Sales rep")
    after = client.get("/admin/").context

    assert before["steps_done"] == 1
    assert [step.done for step in before["steps"]] == [True, False, False, False, False, False]
    assert after["steps"] == []


def some_work(count: int, people: dict[str, User]) -> None:
    """So many documents in every state that home counts, for each of the people."""
    here, rep = a_warehouse(), people["Sales rep"]
    here.members.set(people.values())
    for person in people.values():
        a_rule(threshold=10_000, approvers=person.groups.first())
    product, team = a_product(on_hand=10_000, at=here), a_team(people["Sales manager"])
    for _n in range(count):
        values = {"customer": a_customer(rep=rep, team=team), "by": rep, "warehouse_id": here.pk}
        mine = {**values, "customer": a_customer(rep=people["Sales manager"]), "by": people["Sales manager"]}
        for own in (values, mine):
            an_order({product: 1}, **own)
            a_submitted_order({product: 2_000}, **own)
        a_submitted_order({product: 1}, **values)
        a_confirmed_order({product: 1}, **values)
        a_confirmed_order({a_product(): 1}, **values)
        a_shipment({product: 1}, **values)
    some_supply(count)


PINS = {
    "Sales rep": 24,
    "Sales manager": 34,
    "Warehouse operator": 16,
    "Warehouse supervisor": 29,
    "Finance": 18,
    "Catalogue manager": 11,
    "Buyer": 12,
    "Administrator": 16,
}


def test_home_costs_the_same_however_much_work_waits(client):
    people = {role: a_person(role) for role in PINS}
    for size in (1, 7):
        some_work(size, people)
        assert {role: statements_of_home(client, person) for role, person in people.items()} == PINS, size


def statements_of_home(client, person):
    client.force_login(person)
    with CaptureQueriesContext(connection) as found:
        client.get("/admin/")
    return len(found)
