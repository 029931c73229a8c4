"""What a customer's own page looks like in each language, on a desk and on a phone, by day and in the dark."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.urls import reverse

from orders.models import CounterLine, HoldPolicy
from orders.services.answering import make_link
from orders.services.capturing import Header
from orders.services.following import make_order_link
from orders.services.quoting import draft_quote, send_quote
from tests.browser.windows import PHONE, cut_off, fits, in_every_window, picture
from tests.builders import a_confirmed_order, a_customer, a_line, a_product

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def links(language):
    """Return the addresses of a quote's page and of an order's, for a customer of this language."""
    buyer = a_customer("Kern Präzisionsteile GmbH & Co. KG", language=language)
    skus = [f"{language}-{sku}".upper() for sku in ("bolt-m8-40", "nut-m8", "valve-dn20")]
    lines = [a_line(a_product(sku, price="1234.5", on_hand=5), 3, discount=5) for sku in skus]
    quote = send_quote(draft_quote(Header(buyer.pk), lines, by=None).pk, by=None)
    order = a_confirmed_order({a_product(f"{language}-ring", on_hand=1): 2}, customer=buyer)
    token = make_link(quote.pk, by=None)
    return [
        reverse("public:quote", args=[token]),
        reverse("public:quote_counter", args=[token]),
        reverse("tracking:order", args=[make_order_link(order.pk, by=None)]),
    ]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_it_fits_every_window(browser, live_server, house, language):
    HoldPolicy.objects.create(days=4)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=True)
    page = context.new_page()
    for name, url in zip(("quote", "counter", "order"), links(language), strict=True):
        page.goto(url)
        assert page.locator("html").get_attribute("lang") == language
        for window in in_every_window(page):
            picture(page, f"{language}-{name}-{window}")
            assert fits(page), f"{name} {window}"
            assert not cut_off(page)
    context.close()


def test_a_german_buyer_asks_for_less_with_the_keyboard_and_without_javascript(browser, live_server, house):
    quote_url, *_others = links("de")
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport=PHONE, locale="de"
    )
    page = context.new_page()
    page.goto(quote_url)
    page.get_by_role("link", name="Andere Preise oder Mengen anfragen").press("Enter")

    page.get_by_label("Preis").first.press_sequentially("1.150")
    page.get_by_label("Ihr Name").press_sequentially("M. Kern")
    page.keyboard.press("Enter")
    page.get_by_text("„1.150“ kann 1150 oder 1,150 sein").wait_for()
    picture(page, "de-asked")
    page.get_by_label("Preis").first.fill("1.150,50")
    page.get_by_label("Ihr Name").press("Enter")
    page.get_by_role("heading", name="Vielen Dank").wait_for()

    assert CounterLine.objects.get().price == Decimal("1150.50")
    context.close()
