"""Who sells answers a counter-offer line by line, and the next version of the quote is drafted with it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.errors import NotOrderable
from oms.errors import IllegalMove, NotAllowed
from oms.verify import breaches
from orders.models import ApprovalRequest, CounterAnswer
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.drafting import Change, Edit, edit_quote
from orders.services.meeting import (
    AlreadyAnswered,
    CounterReply,
    Met,
    NothingProposed,
    answer_counter,
    answer_in,
)
from orders.services.negotiating import Counter, Wanted, counter_by_link
from orders.services.quoting import (
    Acceptance,
    Superseded,
    accept_quote,
    draft_quote,
    revise_quote,
    send_quote,
)
from orders.status import Meeting, QuoteStatus, RuleFact
from tests.builders import (
    a_boss,
    a_company,
    a_customer,
    a_line,
    a_price,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    many_products,
)

pytestmark = pytest.mark.django_db
WISHES = {1: Wanted(price=Decimal("8.50")), 2: Wanted(quantity=Decimal(100)), 3: Wanted(price=Decimal(5))}


@pytest.fixture
def boss():
    a_company()
    a_warehouse("MAIN")
    return a_boss()


@pytest.fixture
def quote(boss):
    """Bolts, nuts, pins and rods at 10 each, nuts at 9 from 100 on."""
    products = [a_product(sku, price=10) for sku in ("BOLT", "NUT", "PIN", "ROD")]
    a_price(products[1], 9, min_quantity=100)
    lines = [a_line(product, 10) for product in products]
    return send_quote(draft_quote(Header(a_customer("Kern AG").pk), lines, by=boss).pk, by=boss)


@pytest.fixture
def offer(quote):
    return counter_by_link(make_link(quote.pk, by=None), Counter("M. Kern", "match Baltic", WISHES), ip=None)


def by_sku(offer, **met):
    ids = dict(offer.lines.values_list("line__product__sku", "pk"))
    return {ids[sku]: one for sku, one in met.items()}


def terms(quote):
    version = quote.versions.get(number=quote.version_number)
    return [(line.ordered, line.unit_price) for line in version.lines.order_by("position")]


def test_each_wish_is_met_held_or_answered_otherwise_in_the_next_version(quote, offer, boss):
    met = by_sku(
        offer,
        BOLT=Met(Meeting.MET),
        NUT=Met(Meeting.MET, comment="from stock"),
        PIN=Met(Meeting.PROPOSED, price=Decimal("7.25"), quantity=Decimal(20)),
    )

    drafted = answer_counter(offer.pk, CounterReply("our best", met), by=boss)

    assert (drafted.status, drafted.version_number) == (QuoteStatus.DRAFT, 2)
    assert terms(drafted) == [(10, Decimal("8.50")), (100, 9), (20, Decimal("7.25")), (10, 10)]
    answer = CounterAnswer.objects.get()
    assert (answer.version.number, answer.comment, answer.by) == (2, "our best", boss)
    assert [(one.meeting, one.comment) for one in answer.lines.all()] == [
        ("met", ""), ("met", "from stock"), ("proposed", ""),
    ]  # fmt: skip
    version = answer.version
    assert version.total == Decimal("85") + 900 + 145 + 100
    assert quote.events.latest("version").note == "M. Kern: our best"
    assert list(breaches()) == []


def test_what_is_held_stays_as_it_was_quoted(quote, offer, boss):
    quote.versions.get().lines.first().product.prices.update(price=99)

    drafted = answer_counter(offer.pk, CounterReply(), by=boss)

    assert terms(drafted) == [(10, 10)] * 4
    assert set(CounterAnswer.objects.get().lines.values_list("meeting", flat=True)) == {"held"}


@pytest.mark.parametrize(("how", "told"), [("held", "no wish is met"), ("met", "Look at it, then send it")])
def test_a_draft_in_which_nothing_is_met_is_called_that(client, offer, boss, how, told):
    client.force_login(boss)
    page = reverse("admin:orders_quote_counter", args=[offer.version.quote.number, offer.pk])
    first = offer.lines.order_by("pk").first()

    answer = client.post(page, {f"m-{first.pk}": how}, follow=True)

    assert told in " ".join(map(str, answer.context["messages"]))


def test_what_it_comes_to_is_shown_before_it_is_drafted(client, quote, offer, boss):
    client.force_login(boss)
    bolt, _nut, _pin = offer.lines.order_by("line__position").values_list("pk", flat=True)
    chosen = {f"m-{bolt}": "proposed", f"p-{bolt}": "9", "comment": "OK", "preview": "1"}

    shown = client.post(page_of(quote, offer), chosen)

    amounts = [one.amount for one in shown.context["comes_to"]]
    assert amounts == [400, 85 + 900 + 50 + 100, 390]
    assert 'value="9"' in shown.content.decode()
    quote.refresh_from_db()
    assert (quote.status, quote.versions.count()) == (QuoteStatus.SENT, 1)
    assert not CounterAnswer.objects.exists()


def test_what_cannot_be_chosen_says_why_instead_of_what_it_comes_to(client, quote, offer):
    rights = ("orders.view_quote", "orders.change_quote", "customers.view_all_customers")
    client.force_login(a_user(*rights, is_staff=True))
    shown = client.get(page_of(quote, offer))

    assert [one.refusal[:24] for one in shown.context["comes_to"]] == ["", "You may not type prices "]


def test_the_page_takes_as_many_statements_for_any_length(client, boss):
    client.force_login(boss)
    counts = []
    for n in (2, 30):
        drafted = draft_quote(Header(a_customer().pk), [a_line(p, 1) for p in many_products(n)], by=boss)
        send_quote(drafted.pk, by=boss)
        wishes = {i: Wanted(price=Decimal(5)) for i in range(1, n + 1)}
        offer = counter_by_link(make_link(drafted.pk, by=None), Counter("M. Kern", "", wishes), ip=None)
        with CaptureQueriesContext(connection) as seen:
            client.get(page_of(drafted, offer))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_what_was_held_and_then_changed_on_the_pad_is_not_told_as_quoted(quote, offer, boss):
    drafted = answer_counter(offer.pk, CounterReply(), by=boss)
    bolt, nut, *_rest = drafted.versions.get(number=2).lines.order_by("position")
    changes = [Change(bolt.pk, unit_price=Decimal("8.50")), Change(nut.pk, ordered=20)]
    edit_quote(quote.pk, Edit(drafted.revision, change=changes), by=boss)

    told = {
        one.wish.line.product.sku: one.came_to
        for one in answer_in(drafted.versions.get(number=2)).lines.all()
    }

    assert told == {"BOLT": Meeting.MET, "NUT": Meeting.PROPOSED, "PIN": Meeting.HELD}


@pytest.mark.parametrize(
    ("met", "then", "told"),
    [
        (Met(Meeting.MET), {}, Meeting.MET),
        (Met(Meeting.MET), {"unit_price": Decimal("9.25")}, Meeting.PROPOSED),
        (Met(Meeting.MET), {"unit_price": None}, Meeting.HELD),
        (Met(Meeting.MET), {"ordered": 20}, Meeting.PROPOSED),
        (Met(Meeting.MET), {"unit_price": Decimal(17), "discount_percent": Decimal(50)}, Meeting.MET),
        (Met(Meeting.MET), {"unit_price": Decimal("8.40")}, Meeting.MET),
        (Met(Meeting.PROPOSED, price=Decimal(9)), {}, Meeting.PROPOSED),
        (Met(Meeting.PROPOSED, price=Decimal(9)), {"unit_price": Decimal("8.50")}, Meeting.MET),
        (Met(Meeting.PROPOSED, price=Decimal(9)), {"unit_price": None}, Meeting.HELD),
    ],
)
def test_what_the_customer_reads_of_our_answer_is_true_after_the_pad(quote, offer, boss, met, then, told):
    drafted = answer_counter(offer.pk, CounterReply("", by_sku(offer, BOLT=met)), by=boss)
    version = drafted.versions.get(number=2)
    if then:
        change = Change(version.lines.get(position=1).pk, **then)
        edit_quote(quote.pk, Edit(drafted.revision, change=[change]), by=boss)

    assert answer_in(version).lines.all()[0].came_to == told


def test_a_counter_offer_waits_for_us_until_it_is_answered(client, quote, offer, boss):
    client.force_login(boss)

    def sentence():
        waiting = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).context["waiting"]
        return waiting.owner, waiting.cause

    assert sentence() == ("sales", "M. Kern asked for other terms")
    drafted = answer_counter(offer.pk, CounterReply(), by=boss)
    assert sentence() == ("sales", "it is a draft")
    compared = client.get(reverse("admin:orders_quote_compare", args=[quote.number]))
    assert client.post(compared.context["go_on_url"]).status_code == 302
    assert sentence() == ("the customer", "it was sent")
    again = client.get(reverse("admin:orders_quote_compare", args=[drafted.number]))
    assert "go_on_url" not in again.context


def test_the_ordinary_rules_ask_about_what_was_agreed_to(quote, offer, boss):
    a_rule(RuleFact.PRICE_BELOW_LIST, 8)
    answer_counter(offer.pk, CounterReply("", by_sku(offer, BOLT=Met(Meeting.MET))), by=boss)

    assert send_quote(quote.pk, by=boss).status == QuoteStatus.WAITING
    assert ApprovalRequest.objects.get().steps.count() == 1


@pytest.mark.parametrize(
    ("met", "refusal"),
    [
        (Met(Meeting.MET), NotAllowed),
        (Met(Meeting.PROPOSED, price=Decimal(9)), NotAllowed),
        (Met(Meeting.PROPOSED), NothingProposed),
        (Met(Meeting.PROPOSED, quantity=Decimal("0.5")), NotOrderable),
    ],
)
def test_what_nobody_may_promise_is_refused_and_nothing_changes(quote, offer, met, refusal):
    with pytest.raises(refusal):
        answer_counter(offer.pk, CounterReply("", by_sku(offer, BOLT=met)), by=a_user())

    quote.refresh_from_db()
    assert (quote.status, quote.version_number) == (QuoteStatus.SENT, 1)
    assert not CounterAnswer.objects.exists()


def test_without_the_right_to_type_prices_quantities_can_be_agreed_to(quote, offer):
    drafted = answer_counter(offer.pk, CounterReply("", by_sku(offer, NUT=Met(Meeting.MET))), by=a_user())

    assert terms(drafted)[1] == (100, 9)


def test_an_offer_is_answered_once_and_only_while_its_version_is_in_force(quote, offer, boss):
    second = counter_by_link(make_link(quote.pk, by=None), Counter("M. Kern", "please"), ip=None)
    answer_counter(offer.pk, CounterReply(), by=boss)

    with pytest.raises(AlreadyAnswered):
        answer_counter(offer.pk, CounterReply(), by=boss)
    with pytest.raises(Superseded):
        answer_counter(second.pk, CounterReply(), by=boss)


def test_what_was_accepted_meanwhile_is_not_drafted_again(quote, offer, boss):
    accept_quote(quote.pk, Acceptance("M. Kern"), by=None)

    with pytest.raises(IllegalMove):
        answer_counter(offer.pk, CounterReply(), by=boss)


def test_answering_takes_as_many_statements_for_any_length(boss):
    counts = []
    for n in (2, 40):
        drafted = draft_quote(Header(a_customer().pk), [a_line(p, 1) for p in many_products(n)], by=boss)
        send_quote(drafted.pk, by=boss)
        wishes = {i: Wanted(price=Decimal(5)) for i in range(1, n + 1)}
        offer = counter_by_link(make_link(drafted.pk, by=None), Counter("M. Kern", "", wishes), ip=None)
        met = {line.pk: Met(Meeting.MET) for line in offer.lines.all()}
        with CaptureQueriesContext(connection) as seen:
            answer_counter(offer.pk, CounterReply("", met), by=boss)
        counts.append(len(seen))

    assert counts[0] == counts[1]


# --- the pages --------------------------------------------------------------------------------------------------------


def page_of(quote, offer):
    return reverse("admin:orders_quote_counter", args=[quote.number, offer.pk])


def test_the_page_drafts_what_was_chosen_shows_the_differences_and_tells_the_customer(
    client, quote, offer, boss
):
    client.force_login(boss)
    here = reverse("admin:orders_quote_change", args=[quote.pk])
    assert page_of(quote, offer) in client.get(here).content.decode()
    assert "match Baltic" in client.get(page_of(quote, offer)).content.decode()
    bolt, nut, pin = offer.lines.order_by("line__position").values_list("pk", flat=True)

    given = {
        f"m-{bolt}": "met",
        f"m-{nut}": "proposed",
        f"q-{nut}": "50",
        f"c-{pin}": "steel is dear",
        "comment": "OK",
    }
    compared = client.post(page_of(quote, offer), given, follow=True).content.decode()

    assert "Version 2 against 1: 2 lines differ" in compared
    quote.refresh_from_db()
    assert terms(quote) == [(10, Decimal("8.50")), (50, 10), (10, 10), (10, 10)]
    told = client.get(here).content.decode()
    assert page_of(quote, offer) not in told
    assert f"Answered by {quote} v2" in told
    assert client.get(page_of(quote, offer)).status_code == 302

    send_quote(quote.pk, by=boss)
    shown = client.get(reverse("public:quote", args=[make_link(quote.pk, by=None)])).content.decode()
    assert "BOLT: as you asked for" in shown
    assert "PIN: as it was quoted. steel is dear" in shown


@pytest.mark.parametrize(
    ("what", "text", "meeting"), [("p", "cheap", "proposed"), ("q", "1,5", "proposed"), ("p", "9", "held")]
)
def test_what_cannot_be_read_is_told_at_its_line_and_stays(client, quote, offer, boss, what, text, meeting):
    client.force_login(boss)
    bolt = offer.lines.order_by("line__position").first().pk

    page = client.post(page_of(quote, offer), {f"m-{bolt}": meeting, f"{what}-{bolt}": text}).content.decode()

    assert f'value="{text}"' in page
    assert "▲" in page
    assert not CounterAnswer.objects.exists()


def test_an_offer_about_another_quote_is_not_found_and_a_revised_one_leads_back(client, quote, offer, boss):
    client.force_login(boss)
    other = draft_quote(Header(a_customer().pk), [], by=boss)
    assert client.get(page_of(other, offer)).status_code == 404

    revise_quote(quote.pk, by=boss)
    assert client.get(page_of(quote, offer)).status_code == 302
