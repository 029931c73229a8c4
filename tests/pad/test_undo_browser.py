"""Undo, redo, the last order and the keys under real fingers."""

import pytest
from django.urls import reverse

from customers.models import PriceRule
from inventory.models import Product, Substitute
from orders.models import OrderLine
from orders.services.capturing import Header, order_from_quote
from orders.services.quoting import Acceptance, accept_quote, draft_quote, send_quote
from tests.browser.windows import fits, in_every_window, picture
from tests.builders import a_line, a_submitted_order, agreed, an_agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def typed(page, *lines):
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def settled(page, n):
    page.wait_for_function("n => document.querySelectorAll('#rows [data-line]').length === n", arg=n)
    page.wait_for_function("document.getElementById('saved').textContent.startsWith('saved')")


def told(page, text):
    page.wait_for_function("t => document.getElementById('saved').textContent.includes(t)", arg=text)


def lines_of(order):
    rows = order.lines.order_by("position").values_list("position", "product__sku", "ordered", "unit_price")
    return [(position, sku, n, float(price)) for position, sku, n, price in rows]


def test_every_step_is_taken_back_and_made_again(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20", "V-220 3 @9.5")
    settled(page, 2)
    first, second = draft.lines.order_by("position")
    page.click(f'[data-line="{second.pk}"] [data-column="quantity"]')
    page.fill(".pad-input", "7")
    page.keyboard.press("Enter")
    page.wait_for_function(
        f"""document.querySelector('[data-line="{second.pk}"]').dataset.entry.includes(' 7 ')"""
    )
    page.click(f'[data-line="{first.pk}"] [data-remove]')
    settled(page, 1)
    assert lines_of(draft) == [(2, "V-220", 7, 9.5)]

    page.focus("#line")
    page.keyboard.press("Control+z")
    settled(page, 2)
    assert lines_of(draft) == [(1, "B-M8-40", 20, 10), (2, "V-220", 7, 9.5)]
    page.keyboard.press("Control+z")
    told(page, "taken back: 3 C62")
    assert lines_of(draft)[1] == (2, "V-220", 3, 9.5)
    page.keyboard.press("Control+z")
    settled(page, 1)
    page.keyboard.press("Control+z")
    settled(page, 0)
    page.keyboard.press("Control+z")
    told(page, "nothing to take back")

    for n in (1, 2):
        page.keyboard.press("Control+y")
        settled(page, n)
    page.keyboard.press("Control+y")
    told(page, "made again: 7")
    assert lines_of(draft) == [(1, "B-M8-40", 20, 10), (2, "V-220", 7, 9.5)]
    page.keyboard.press("Control+Shift+z")
    settled(page, 1)
    assert lines_of(draft) == [(2, "V-220", 7, 9.5)]


def test_a_line_that_an_agreement_cut_in_two_is_taken_back_and_made_again_as_a_whole(pad, draft):
    an_agreement(draft.customer, agreed(Product.objects.get(sku="B-M8-40"), 8, maximum=40))
    page = pad(draft)
    typed(page, "B-M8-40 50")
    settled(page, 2)
    cut = [(1, "B-M8-40", 40, 8), (2, "B-M8-40", 10, 10)]
    assert lines_of(draft) == cut

    page.keyboard.press("Control+z")
    settled(page, 0)
    page.keyboard.press("Control+y")
    settled(page, 2)
    assert lines_of(draft) == cut


def test_a_quantity_that_an_agreement_cut_in_two_is_taken_back_and_made_again_as_often_as_one_likes(
    pad, draft
):
    an_agreement(draft.customer, agreed(Product.objects.get(sku="B-M8-40"), 8, maximum=40))
    page = pad(draft)
    typed(page, "B-M8-40 20")
    settled(page, 1)
    page.keyboard.press("ArrowUp")
    typed(page, "60")
    settled(page, 2)
    whole, cut = [(1, "B-M8-40", 20, 8)], [(1, "B-M8-40", 40, 8), (2, "B-M8-40", 20, 10)]
    assert lines_of(draft) == cut

    page.focus("#line")
    for _again in range(3):
        page.keyboard.press("Control+z")
        settled(page, 1)
        assert lines_of(draft) == whole
        page.keyboard.press("Control+y")
        settled(page, 2)
        assert lines_of(draft) == cut


def test_what_was_quoted_is_taken_back_and_made_again_as_quoted(pad, draft):
    boss, product = draft.created_by, Product.objects.get(sku="B-M8-40")
    quote = draft_quote(
        Header(draft.customer_id), [a_line(product, 20), a_line(product, 30, price="9.5")], by=boss
    )
    send_quote(quote.pk, by=boss)
    accept_quote(quote.pk, Acceptance("M. Kern"), by=boss)
    order = order_from_quote(quote.pk, by=boss)
    PriceRule.objects.update(price=99)
    page = pad(order)
    quoted = lines_of(order)
    first, second = order.lines.order_by("position")

    page.click(f'[data-line="{first.pk}"] [data-remove]')
    settled(page, 1)
    page.click(f'[data-line="{second.pk}"] [data-column="price"]')
    page.fill(".pad-input", "4")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#rows').textContent.includes('4.00')")
    settled(page, 1)
    page.focus("#line")
    page.keyboard.press("Control+z")
    told(page, "taken back")
    page.wait_for_function("!document.querySelector('#rows').textContent.includes('4.00')")
    page.keyboard.press("Control+z")
    settled(page, 2)
    assert lines_of(order) == quoted
    assert page.locator("[data-quoted]").count() == 2

    page.keyboard.press("Control+y")
    settled(page, 1)
    page.keyboard.press("Control+y")
    page.wait_for_function("document.querySelector('#rows').textContent.includes('4.00')")
    assert lines_of(order) == [(2, "B-M8-40", 30, 4)]


def test_a_swap_keeps_discount_and_note_and_is_one_step(pad, draft):
    bolt, valve = Product.objects.order_by("sku")
    Substitute.objects.create(product=bolt, substitute=valve)
    page = pad(draft)
    typed(page, "B-M8-40 200 @9 4%", "V-220 1")
    settled(page, 2)
    page.click("[data-more] >> nth=0")
    page.click("#row-menu [data-do=note]")
    typed(page, "for the mill")
    settled(page, 2)
    both = [(1, "B-M8-40", 200, 9), (2, "V-220", 1, 10)]
    assert lines_of(draft) == both

    page.press('#rows [data-column="quantity"] >> nth=0', "Alt+a")
    page.wait_for_selector("#panel[open] [data-act=swap]")
    page.keyboard.press("s")
    page.wait_for_function("!document.querySelector('#rows').textContent.includes('B-M8-40')")
    settled(page, 2)
    swapped = list(draft.lines.order_by("position").values_list("product__sku", "discount_percent", "note"))
    assert swapped == [("V-220", 4, "for the mill"), ("V-220", 0, "")]

    page.focus("#line")
    for _again in range(2):
        page.keyboard.press("Control+z")
        page.wait_for_function("document.querySelector('#rows').textContent.includes('B-M8-40')")
        settled(page, 2)
        assert [line[1:] for line in lines_of(draft)] == [line[1:] for line in both]
        assert draft.lines.get(position=1).note == "for the mill"
        page.keyboard.press("Control+y")
        page.wait_for_function("!document.querySelector('#rows').textContent.includes('B-M8-40')")
        settled(page, 2)


def test_a_discount_on_all_fits_in_every_window(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 123456 @98.7654 4%", "V-220 3")
    settled(page, 2)
    page.fill("[name=discount]", "5 %")
    page.press("[name=discount]", "Tab")
    page.locator("#rows .pad-amount small").first.wait_for()
    page.evaluate("document.activeElement.blur()")
    for window in in_every_window(page):
        assert fits(page)
        picture(page, f"pad-discount-{window}")


def test_a_step_that_was_refused_is_not_taken_back(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20", "NO-SUCH 3")
    page.wait_for_selector("#waiting-rows .has-problem")
    settled(page, 1)

    page.keyboard.press("Control+z")

    settled(page, 0)


def test_without_a_network_a_step_is_taken_back_later(pad, draft):
    page = pad(draft)
    page.context.set_offline(True)
    typed(page, "B-M8-40 20")
    told(page, "not saved")
    page.keyboard.press("Control+z")
    page.context.set_offline(False)

    told(page, "taken back")
    assert draft.lines.count() == 0


def test_a_field_takes_back_its_own_typing(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20")
    settled(page, 1)

    page.keyboard.type("V-22")
    page.keyboard.press("Control+z")

    page.wait_for_timeout(200)
    assert draft.lines.count() == 1


@pytest.mark.parametrize("way", ["Alt+l", "/last"])
def test_the_last_order_is_there_again_in_two_keys(pad, draft, way):
    products = dict.fromkeys(Product.objects.order_by("sku"), 6)
    before = a_submitted_order(products, customer=draft.customer)
    page = pad(draft)

    page.keyboard.press(way) if way.startswith("Alt") else typed(page, way)
    page.wait_for_selector(f"text=Again as in {before}")
    page.wait_for_function("document.activeElement?.type === 'checkbox'")
    page.keyboard.press("Enter")

    settled(page, 2)
    assert [line[:3] for line in lines_of(draft)] == [(1, "B-M8-40", 6), (2, "V-220", 6)]
    page.keyboard.press("Control+z")
    settled(page, 0)


def test_history_is_ticked_by_keys(pad, draft):
    a_submitted_order(dict.fromkeys(Product.objects.order_by("sku"), 6), customer=draft.customer)
    page = pad(draft)

    page.keyboard.press("Alt+h")
    page.wait_for_function("document.activeElement?.type === 'checkbox'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    settled(page, 1)
    assert OrderLine.objects.get(order=draft).product.sku == "V-220"


def test_the_keys_are_shown_on_a_question_mark(pad, draft):
    page = pad(draft)

    page.keyboard.press("?")

    page.wait_for_selector("#keys[open]")
    assert "take back and make again" in page.inner_text("#keys")
    for window in in_every_window(page):
        picture(page, f"keys-{window}")
        assert fits(page), window
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement?.id === 'line'")


def test_lines_are_copied_moved_and_noted_by_key_and_by_finger_and_taken_back(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20", "V-220 3 @9.5")
    settled(page, 2)
    bolt, valve = draft.lines.order_by("position")
    page.focus(f'[data-line="{bolt.pk}"] [data-column="price"]')
    page.keyboard.press("Alt+n")
    page.keyboard.type("blue ones")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+d")
    settled(page, 3)
    assert [row[:3] for row in lines_of(draft)] == [(1, "B-M8-40", 20), (2, "B-M8-40", 20), (3, "V-220", 3)]
    assert list(draft.lines.order_by("position").values_list("note", flat=True)) == ["blue ones"] * 2 + [""]

    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    assert page.evaluate("document.activeElement.dataset.column") == "price"  # the cell keeps the focus
    settled(page, 3)
    assert draft.lines.get(pk=bolt.pk).position == 3
    numbers = page.locator("#rows .pad-position").all_text_contents()
    assert numbers == ["1", "2", "3"]

    page.keyboard.press("Escape")
    for _ in range(3):
        page.keyboard.press("Control+z")
        settled(page, page.locator("#rows [data-line]").count())
    settled(page, 2)
    assert [row[1] for row in lines_of(draft)] == ["B-M8-40", "V-220"]
    page.keyboard.press("Control+y")
    settled(page, 3)
    assert [row[1] for row in lines_of(draft)] == ["B-M8-40", "B-M8-40", "V-220"]
    assert lines_of(draft)[1][0] == 2

    page.click(f'[data-line="{valve.pk}"] [data-more]')
    assert page.locator("#row-menu [data-do=down]").is_disabled()
    page.click("#row-menu [data-do=up]")
    settled(page, 3)
    assert draft.lines.get(pk=valve.pk).position == 2
    page.focus("#line")
    typed(page, "/dup")
    settled(page, 4)
    page.keyboard.press("Alt+o")
    assert page.evaluate("document.activeElement.name") == "ship_to"
    page.keyboard.press("Alt+c")
    assert page.evaluate("document.activeElement.id") == "customer"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "line"

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(reverse("admin:orders_order_change", args=[draft.pk]))
    page.keyboard.press("y")
    page.locator("[data-copied]", has_text="copied").wait_for()
    said = f"Our order {draft}: It is written down and not placed yet."
    assert page.evaluate("navigator.clipboard.readText()") == said


def test_who_moves_a_line_that_somebody_else_has_moved_is_asked_and_the_rest_is_made_again(pad, draft):
    mine, other = pad(draft), pad(draft)
    typed(mine, "B-M8-40 20", "V-220 3", "B-M8-40 5")
    settled(mine, 3)
    other.reload()
    other.locator("#line").focus()
    bolt, _valve, last = draft.lines.order_by("position")
    other.focus(f'[data-line="{bolt.pk}"] [data-column="quantity"]')
    other.keyboard.press("Alt+ArrowDown")
    settled(other, 3)

    mine.focus(f'[data-line="{bolt.pk}"] [data-column="quantity"]')
    mine.keyboard.press("Alt+ArrowDown")
    mine.locator("#trouble", has_text="Take mine").wait_for()
    assert "# now 2, yours: 2" in mine.inner_text("#trouble")
    mine.locator("#trouble button", has_text="Leave it").click()
    other.focus(f'[data-line="{last.pk}"] [data-column="quantity"]')
    other.keyboard.press("Alt+n")
    typed(other, "for the roof")
    settled(other, 3)
    mine.focus(f'[data-line="{bolt.pk}"] [data-column="quantity"]')
    mine.keyboard.press("Alt+ArrowDown")  # stale again, but nobody has moved this line since
    mine.wait_for_function(
        f"document.querySelector('#rows [data-line]:last-child').dataset.line === '{bolt.pk}'"
    )
    settled(mine, 3)
    assert [row[1] for row in lines_of(draft)] == ["V-220", "B-M8-40", "B-M8-40"]
    assert "for the roof" in mine.inner_text("#rows")


def test_a_line_that_was_being_changed_as_it_went_comes_back_as_it_was_typed_last(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20")
    settled(page, 1)
    page.click('#rows [data-column="quantity"]')
    page.fill(".pad-input", "7")
    page.evaluate("""() => {
        const enter = new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true});
        document.querySelector(".pad-input").dispatchEvent(enter);
        document.querySelector("#rows [data-remove]").click();
    }""")
    settled(page, 0)

    page.focus("#line")
    page.keyboard.press("Control+z")
    settled(page, 1)
    assert lines_of(draft) == [(1, "B-M8-40", 7, 10)]


def test_what_is_wrong_leads_to_where_it_is_put_right_and_goes_along_with_what_is_sent(pad, draft):
    draft.customer.po_required = True
    draft.customer.save()
    Product.objects.filter(sku="V-220").update(status="blocked")
    page = pad(draft)
    typed(page, "B-M8-40 20", "V-220 3")
    settled(page, 2)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.activeElement.className === 'doc-refusal'")
    assert page.locator(".doc-refusal").bounding_box()["y"] >= 0
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "line"

    page.focus(".doc-refusal")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "customer_po"
    page.keyboard.type("4500-77")
    page.locator(".doc-refusal button").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('tr').dataset.position") == "2"
    page.keyboard.press("Control+Delete")
    settled(page, 1)
    page.focus("[name=customer_po]")
    page.keyboard.press("End")
    page.keyboard.type("-8")
    page.keyboard.press("Control+Enter")

    page.wait_for_url(f"**{reverse('admin:orders_order_change', args=[draft.pk])}")
    draft.refresh_from_db()
    assert (draft.status, draft.customer_po) == ("submitted", "4500-77-8")


def test_why_a_price_is_what_it_is_is_told_below_its_line_and_goes_with_it(pad, draft):
    page = pad(draft)
    typed(page, "B-M8-40 20", "V-220 3")
    settled(page, 2)
    told = page.locator("#rows .pad-told")

    page.keyboard.press("Alt+w")
    assert told.inner_text().startswith("10.00 per")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    typed(page, "9.5")
    settled(page, 2)
    assert told.inner_text().startswith("9.50 was typed by hand.")
    page.keyboard.press("Control+Delete")
    settled(page, 1)
    assert told.count() == 0
    page.focus("#line")
    typed(page, "/why", "/why")
    assert told.count() == 0
