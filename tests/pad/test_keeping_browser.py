"""What is typed is done once and never lost: pages side by side, questions that wait, a cell open while rows change."""

import pytest
from django.urls import reverse

from inventory.models import Product
from orders.models import Order
from orders.services.capturing import Header, enter_order
from orders.status import OrderStatus
from tests.browser.windows import fits, in_every_window, picture
from tests.builders import a_customer, a_line, a_user
from tests.pad.sending import change, header, remove, send

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def order(draft):
    """A draft with a line of each product."""
    lines = [a_line(Product.objects.get(sku=sku), n) for sku, n in (("B-M8-40", 1), ("V-220", 2))]
    return Order.objects.get(pk=enter_order(Header(a_customer("Kern AG").pk), lines, by=draft.created_by).pk)


@pytest.fixture
def another(client, order):
    """Change the order as somebody else would at this moment."""
    client.force_login(a_user(is_staff=True, is_superuser=True, username="eva"))

    def act(*ops):
        assert send(client, order, *ops).status_code == 200

    return act


def saved(page):
    page.wait_for_function("document.getElementById('saved').textContent.startsWith('saved')")


def rows(page, n):
    page.wait_for_function("n => document.querySelectorAll('#rows [data-line]').length === n", arg=n)
    saved(page)


def quantities(order):
    return [int(n) for n in order.lines.order_by("position").values_list("ordered", flat=True)]


def cell(line, column="quantity"):
    return f'[data-line="{line.pk}"] [data-column="{column}"]'


def put(page, line, text):
    page.click(cell(line))
    page.fill(".pad-input", text)
    page.keyboard.press("Enter")


def back(page):
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def typed(page, *lines):
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def question(page):
    page.wait_for_selector("#trouble:not([hidden]) button")
    return page.inner_text("#trouble")


@pytest.mark.parametrize("first", ["the page that typed", "the page beside"])
def test_what_waits_is_sent_by_two_pages_and_done_once(pad, draft, first):
    page = pad(draft)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    typed(page, "B-M8-40 20", "V-220 3", "B-M8-40 4")
    page.get_by_role("link", name="Sign in beside").wait_for()
    page.context.add_cookies(cookies)
    edit = "**" + reverse("admin:orders_order_edit", args=[draft.number])
    beside = page.context.new_page()
    beside.route(edit, lambda route: route.abort())
    beside.goto(page.url)
    beside.wait_for_function("document.getElementById('saved').textContent.includes('3')")

    def by_the_page():
        back(page)
        rows(page, 3)

    def by_the_page_beside():
        beside.unroute(edit)
        back(beside)
        rows(beside, 3)

    both = [by_the_page, by_the_page_beside]
    for act in both if first == "the page that typed" else reversed(both):
        act()

    assert quantities(draft) == [20, 3, 4]
    typed(page, "V-220 7")  # it goes on from what the other page has saved
    rows(page, 4)
    assert quantities(draft) == [20, 3, 4, 7]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('pad:'))") == []


def test_an_order_does_not_go_on_while_a_question_is_open(pad, order, another):
    first, _second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"))
    put(page, first, "9")
    assert "1 B-M8-40, Quantity now 5, yours: 9" in question(page)

    page.keyboard.press("Control+Enter")
    page.wait_for_function("document.activeElement?.textContent === 'Take mine'")
    assert "Choose first" in page.inner_text("#saved")
    order.refresh_from_db()
    assert order.status == OrderStatus.DRAFT

    page.keyboard.press("Enter")
    saved(page)
    assert quantities(order) == [9, 2]
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{reverse('admin:orders_order_change', args=[order.pk])}")


def test_a_question_outlives_other_messages_and_a_reload(pad, order, another):
    first, second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"))
    put(page, first, "9")
    question(page)

    put(page, second, "no number")
    page.wait_for_function("document.getElementById('trouble').textContent.includes('no number')")
    assert "yours: 9" in question(page)

    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert "1 B-M8-40, Quantity now 5, yours: 9" in question(page)
    page.get_by_role("button", name="Take mine").click()
    saved(page)
    assert quantities(order) == [9, 2]

    page.reload()
    page.wait_for_function("document.activeElement?.id === 'line'")
    assert page.is_hidden("#trouble")


def test_the_newest_wish_for_a_place_is_the_one_that_is_asked_for(pad, order, another):
    first, _second = order.lines.order_by("position")
    page = pad(order)
    for theirs, mine in (("5", "9"), ("6", "8")):
        another(change(first, "quantity", theirs))
        put(page, first, mine)
        page.wait_for_function(
            "t => document.getElementById('trouble').textContent.includes(t)", arg=f"yours: {mine}"
        )

    assert "yours: 9" not in question(page)
    page.get_by_role("button", name="Leave it").click()
    assert page.is_hidden("#trouble")
    page.focus("#line")
    page.keyboard.press("Control+z")
    page.wait_for_function("document.getElementById('saved').textContent.includes('nothing to take back')")
    assert quantities(order) == [6, 2], "what was never made is not taken back"


def asks(page, text):
    page.wait_for_function("t => document.getElementById('trouble').textContent.includes(t)", arg=text)


def look_again(page):
    """Something else that one types tells the page of what others did meanwhile."""
    page.focus("#line")
    typed(page, "V-220 7")


def test_a_question_says_what_stands_there_now(pad, order, another):
    first, _second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"))
    put(page, first, "9")
    asks(page, "Quantity now 5, yours: 9")

    another(change(first, "quantity", "6"))
    look_again(page)
    asks(page, "Quantity now 6, yours: 9")
    rows(page, 3)

    page.get_by_role("button", name="Leave it").click()
    assert page.is_hidden("#trouble")
    assert quantities(order) == [6, 2, 7]


def test_where_the_line_goes_meanwhile_there_is_nothing_of_ones_own_to_take(pad, order, another):
    first, _second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"))
    put(page, first, "9")
    asks(page, "yours: 9")

    another(remove(first))
    look_again(page)
    asks(page, "no longer there")
    rows(page, 2)

    assert page.get_by_role("button", name="Take mine").count() == 0
    page.get_by_role("button", name="Leave it").click()
    assert page.is_hidden("#trouble")


def test_where_somebody_makes_it_what_one_wants_nobody_asks_on(pad, order, another):
    first, _second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"))
    put(page, first, "9")
    asks(page, "yours: 9")

    another(change(first, "quantity", "9"))
    look_again(page)
    page.wait_for_selector("#trouble", state="hidden")

    rows(page, 3)
    assert quantities(order) == [9, 2, 7]
    assert page.evaluate("document.activeElement.id") == "line"
    page.reload()
    page.wait_for_function("document.activeElement?.id === 'line'")
    assert page.is_hidden("#trouble")


def test_a_question_about_a_field_above_the_lines_follows_too(pad, order, another):
    page = pad(order)
    another(header("customer_po", "4500-1"))
    page.fill("[name=customer_po]", "4500-2")
    page.keyboard.press("Tab")
    asks(page, "PO number now 4500-1, yours: 4500-2")

    another(header("customer_po", "4500-3"))
    look_again(page)
    asks(page, "PO number now 4500-3, yours: 4500-2")
    rows(page, 3)


@pytest.fixture
def behind(pad, order, another):
    """A page that has just been told that somebody changed a line, and waits for the rows."""
    held = []

    def open_page(*theirs):
        page = pad(order)
        page.route(
            "**" + reverse("admin:orders_order_rows", args=[order.number]), lambda route: held.append(route)
        )
        another(*theirs)
        with page.expect_request("**/rows/"):
            typed(page, "V-220 7")
        return page

    def arrive():
        held.pop().continue_()

    return open_page, arrive


def test_who_types_in_a_cell_goes_on_when_other_rows_arrive(behind, order):
    open_page, arrive = behind
    first, second = order.lines.order_by("position")
    page = open_page(change(first, "quantity", "5"))
    page.click(cell(second))
    page.keyboard.type("4")

    arrive()
    page.locator(cell(first), has_text="5").wait_for()
    assert page.evaluate("document.activeElement.matches('.pad-input')")
    page.keyboard.type("2")
    page.keyboard.press("Enter")

    rows(page, 3)
    page.wait_for_function("document.getElementById('saved').textContent === 'saved'")
    assert quantities(order) == [5, 42, 7]
    assert page.is_hidden("#trouble")


def test_who_types_over_what_somebody_changed_is_asked(behind, order):
    open_page, arrive = behind
    _first, second = order.lines.order_by("position")
    page = open_page(change(second, "quantity", "5"))
    page.click(cell(second))
    page.keyboard.type("42")

    arrive()
    rows(page, 3)
    page.keyboard.press("Enter")

    assert "2 V-220, Quantity now 5, yours: 42" in question(page)
    assert quantities(order) == [1, 5, 7], "nobody's value is written over unasked"
    assert page.locator(cell(second), has_text="5").count() == 1


def test_who_types_in_a_line_that_goes_is_told(behind, order):
    open_page, arrive = behind
    _first, second = order.lines.order_by("position")
    page = open_page(remove(second))
    page.click(cell(second))
    page.keyboard.type("42")

    arrive()
    page.wait_for_function("document.activeElement?.id === 'line'")

    assert "no longer there" in question(page)
    rows(page, 2)
    assert quantities(order) == [1, 7]


def test_who_types_over_a_field_above_the_lines_that_somebody_changed_is_asked(behind, order):
    open_page, arrive = behind
    page = open_page(header("customer_po", "4500-1"))
    page.click("[name=customer_po]")
    page.keyboard.type("4500-2")

    arrive()
    rows(page, 3)
    page.keyboard.press("Tab")

    assert "PO number now 4500-1, yours: 4500-2" in question(page)
    assert page.input_value("[name=customer_po]") == "4500-1"
    page.get_by_role("button", name="Take mine").click()
    saved(page)
    order.refresh_from_db()
    assert order.customer_po == page.input_value("[name=customer_po]") == "4500-2"


def test_a_question_fits_in_every_window(pad, order, another, tmp_path):
    first, second = order.lines.order_by("position")
    page = pad(order)
    another(change(first, "quantity", "5"), remove(second))
    page.evaluate("document.activeElement.blur()")
    put(page, first, "9")
    question(page)
    for window in in_every_window(page):
        assert fits(page)
        picture(page, f"pad-question-{window}")
