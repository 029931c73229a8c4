"""Words without a break, as file names, part numbers and addresses on the web are, run out of no page on a phone."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from inventory.models import Product
from oms.uploads import Upload
from orders.services.attaching import attach, write_note
from orders.services.capturing import Header, enter_order
from orders.services.holding import hold_order
from orders.services.quoting import draft_quote, send_quote
from orders.services.submitting import submit_order
from tests.browser.windows import DESK, PHONE, fits, picture
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Angebotsanforderungsbestätigungsnummer" * 5
# Which of the parts reach further than the window, their text too; what scrolls in a box of its own does not count.
STICK_OUT = """parts => parts.flatMap(part => [...document.querySelectorAll(part)].map(one => {
    const text = document.createRange(); text.selectNodeContents(one);
    const boxes = one.querySelector('.sr-only') ? [one] : [one, text];
    const right = Math.max(...boxes.map(box => box.getBoundingClientRect().right));
    return right > innerWidth + 1 && !one.closest('.doc-scroll') ? [`${part} to ${Math.round(right)}`] : [];
})).flat()"""
PARTS = [
    ".doc-link",
    ".doc-list li",
    ".doc-note",
    ".doc-head p",
    ".doc-table th",
    ".doc-table td",
    ".doc-waiting",
]


@pytest.fixture
def pages():
    """The pages of an order and a quote that say long words wherever people write."""
    a_company()
    a_warehouse("NORTH")
    boss = a_boss()
    bolt = a_product("B" * 60, price=10)
    Product.objects.update(name=LONG[:180])
    kern = a_customer(LONG[:190], note=f"see https://example.com/{LONG}", email=f"{'k' * 60}@example.com")
    line = a_line(bolt, 3)._replace(note=LONG)
    order = enter_order(Header(kern.pk, customer_po="P" * 60, note=LONG), [line], by=boss)
    quote = draft_quote(Header(kern.pk, customer_po="P" * 60), [line], by=boss)
    for document in (order, quote):
        attach(document, Upload(f"{LONG[:140]}.pdf", "application/pdf", b"%PDF-1.4"), by=boss)
        write_note(document, f"https://example.com/{LONG}", by=boss)
    send_quote(quote.pk, by=boss)
    draft = enter_order(Header(kern.pk, customer_po="P" * 60), [line], by=boss)
    submit_order(order.pk, by=boss)
    hold_order(order.pk, by=boss, reason=LONG)
    return [
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:orders_quote_change", args=[quote.pk]),
        reverse("admin:orders_order_pad", args=[draft.number]),
        reverse("admin:orders_order_past", args=[order.number]),
        reverse("admin:orders_order_stock", args=[order.number]),
        reverse("admin:orders_customer_page", args=[kern.pk]),
        reverse("admin:orders_hold_changelist"),
    ]


def test_no_long_word_makes_a_page_scroll_sideways(browser, live_server, pages):
    client = Client()
    client.force_login(a_boss())
    context = browser.new_context(base_url=live_server.url, viewport=PHONE)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    seen = set()

    wrong = []
    for n, address in enumerate(pages):
        page.goto(address)
        seen |= {part for part in PARTS if page.locator(part).count()}
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            picture(page, f"long-words-{n}-{size['width']}")
            out = page.evaluate(STICK_OUT, PARTS)
            if out or not fits(page):
                wrong.append((address, size["width"], out))
        page.set_viewport_size(PHONE)

    assert not wrong
    assert seen == set(PARTS)
    context.close()
