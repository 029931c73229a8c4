"""What a customer is told when they ask: one sentence, and where to read more."""

from datetime import date

import pytest
from django.urls import reverse

from orders.models import QuoteLink
from orders.saying import said_to_customer
from orders.services.capturing import Header
from orders.services.quoting import cancel_quote, draft_quote, send_quote
from orders.status import OrderStatus
from orders.waiting import Blocker, Situation
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse, in_days

SINCE = in_days(0)
HELD = Blocker("margin of 3 percent is below 10", "Finance", SINCE, "decide")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"status": OrderStatus.DRAFT}, "It is written down and not placed yet."),
        ({"status": OrderStatus.SUBMITTED}, "We have it and are checking it; you will hear from us."),
        ({"blockers": [HELD]}, "We have it and are checking it; you will hear from us."),
        ({"unreleased": True}, "The goods are set aside for you."),
        ({}, "We are working on it."),
        (
            {
                "shipped": 8,
                "lines": 12,
                "in_the_warehouse": True,
                "backordered": 1,
                "leaves_on": date(2026, 6, 14),
            },
            (
                "8 of 12 lines have left us; we are picking and packing; "
                "1 line waits for goods, to leave us by 14 Jun 2026."
            ),
        ),
        ({"later": 2}, "2 lines come later, as agreed."),
        ({"status": OrderStatus.CLOSED, "shipped": 2}, "Everything has left us."),
        ({"status": OrderStatus.CANCELLED}, "It was cancelled."),
    ],
)
def test_each_situation_has_its_sentence_and_nothing_of_ours_is_in_it(facts, said):
    situation = Situation(**{"status": OrderStatus.CONFIRMED, "since": SINCE, **facts})
    assert said_to_customer("Our order SO-1", situation) == f"Our order SO-1: {said}"
    assert said_to_customer("X", situation, ["https://dhl.example/1"]).endswith(" https://dhl.example/1")


@pytest.mark.django_db
def test_a_script_gets_the_link_to_a_quote_in_a_sentence_and_is_told_why_there_is_none(client):
    a_company()
    a_warehouse("MAIN")
    boss = a_boss()
    client.force_login(boss)
    quote = draft_quote(Header(a_customer().pk), [a_line(a_product("BOLT"), 1)], by=boss)
    send_quote(quote.pk, by=boss)
    page = client.get(reverse("admin:orders_quote_change", args=[quote.pk])).content.decode()
    link = reverse("admin:orders_quote_link", args=[quote.number])
    assert f'action="{link}" data-copy-link' in page

    answer = client.post(link, headers={"Accept": "application/json"})

    assert answer.json()["said"].startswith(f"Our quote {quote.number} v1, valid until the end of ")
    assert client.get(answer.json()["said"].split(": ")[1]).status_code == 200
    cancel_quote(quote.pk, by=boss)
    refused = client.post(link, headers={"Accept": "application/json"})
    assert (refused.status_code, QuoteLink.objects.count()) == (422, 1)
    assert "Send a version first." in refused.json()["refused"]
