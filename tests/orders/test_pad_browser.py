"""The pad and the inbox under real fingers: a keyboard, a lost network, another tab."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from orders.models import ApprovalRequest, Order
from orders.services.capturing import Header, enter_order
from orders.services.submitting import submit_order
from orders.status import OrderStatus, RuleFact
from tests.browser.windows import DESK, PHONE
from tests.builders import (
    a_company,
    a_customer,
    a_group,
    a_line,
    a_product,
    a_rule,
    a_user,
    a_warehouse,
    an_order,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RIGHTS = (
    "orders.view_order", "orders.add_order", "orders.change_order", "orders.submit_order", "orders.override_price",
    "orders.view_approvalrequest", "orders.decide_approval", "customers.view_all_customers", "inventory.view_product",
    "inventory.view_warehouse", "customers.add_customerpartnumber", "orders.confirm_order",
)  # fmt: skip


@pytest.fixture
def rep():
    a_company()
    warehouse = a_warehouse("MAIN")
    for sku in ("B-M8-40", "V-220", "N-M8"):
        a_product(sku, on_hand=100, at=warehouse)
    return a_user(*RIGHTS, is_staff=True, username="ana")


@pytest.fixture
def desk(browser, live_server):
    """Open a page as somebody who is signed in."""
    contexts = []

    def open_page(user, path, **options):
        client = Client()
        client.force_login(user)
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def pad_of(order):
    return reverse("admin:orders_order_pad", args=[order.number])


def typed(page, *lines):
    for line in lines:
        page.keyboard.type(line)
        page.keyboard.press("Enter")


def rows(page, n):
    """Wait until there are so many lines and all is saved."""
    page.wait_for_function("n => document.querySelectorAll('#rows [data-line]').length === n", arg=n)
    page.wait_for_function("document.getElementById('saved').textContent === 'saved'")


def saved(page):
    page.wait_for_function("document.getElementById('saved').textContent === 'saved'")


def quantities(order):
    return list(order.lines.values_list("product__sku", "ordered"))


def ready(page):
    page.wait_for_function("document.activeElement?.id === 'line'")


def asked_for_whom(desk, rep):
    """Open a new order, which asks for its customer."""
    page = desk(rep, reverse("admin:orders_order_pad"))
    page.wait_for_function("document.activeElement?.id === 'who'")
    return page


def test_an_order_is_entered_changed_and_submitted_without_a_mouse(desk, rep):
    a_customer("Kern AG")
    page = asked_for_whom(desk, rep)
    page.keyboard.type("kern")
    page.wait_for_selector("#who-list li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#line")
    ready(page)

    typed(page, "20x B-M8-40", "V-220 3 @9.5")
    page.keyboard.type("n-m")
    page.wait_for_selector("#line-list li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    typed(page, "7")
    rows(page, 3)
    order = Order.objects.get()
    assert quantities(order) == [("B-M8-40", 20), ("V-220", 3), ("N-M8", 7)]

    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F2")
    page.keyboard.type("5")
    page.keyboard.press("Escape")
    page.keyboard.press("F2")
    typed(page, "4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Delete")
    rows(page, 2)
    assert quantities(order) == [("B-M8-40", 20), ("V-220", 4)]

    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**{reverse('admin:orders_order_change', args=[order.pk])}")
    order.refresh_from_db()
    assert order.status == OrderStatus.SUBMITTED

    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=is confirmed")
    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED

    copy = page.locator("summary", has_text="Copy …")
    copy.press("Enter")
    asked = page.locator(".doc-ask[open] form").bounding_box()
    assert page.locator("#content").bounding_box()["x"] <= asked["x"]
    page.keyboard.press("Escape")
    assert not page.locator(".doc-ask[open]").count()
    assert copy.evaluate("summary => summary === document.activeElement")


def test_ten_lines_for_a_customer_on_the_phone_take_few_keys_and_no_waiting(desk, rep):
    a_customer("Kern AG")
    page = asked_for_whom(desk, rep)
    page.keyboard.type("nobody")
    page.wait_for_selector("text=No customer whom you look after")
    page.fill("#who", "")

    keys = ["kern", *(3 * ["b-m8-40 20", "v-220 3", "n-m8 12"]), "v-220 1"]
    page.keyboard.type(keys[0])
    page.keyboard.press("Enter")
    ready(page)
    typed(page, *keys[1:])
    rows(page, 10)
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/change/")
    assert sum(len(typed) + 1 for typed in keys) + 1 <= 110
    three = [("B-M8-40", 20), ("V-220", 3), ("N-M8", 12)]
    assert quantities(Order.objects.get()) == [*three, *three, *three, ("V-220", 1)]


def test_a_price_is_typed_in_five_keys_and_who_has_to_agree_is_told_at_once(desk, rep):
    a_rule(RuleFact.PRICE_BELOW_LIST, 8, a_group("Sales managers"))
    page = desk(rep, pad_of(an_order({a_product("R-1"): 5}, a_customer("Kern AG"), by=rep)))
    ready(page)

    for price, told in (("9.5", 0), ("8.5", 1)):
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowRight")
        typed(page, price)
        page.locator("#rows", has_text=f"{price}0").wait_for()
        saved(page)
        assert page.locator("#summary", has_text="Will need Sales managers").count() == told
        page.keyboard.press("Escape")


def test_who_is_signed_out_signs_in_beside_and_loses_nothing(desk, rep):
    order = an_order({}, by=rep)
    page = desk(rep, pad_of(order))
    ready(page)
    cookies = page.context.cookies()

    page.context.clear_cookies()
    typed(page, "B-M8-40 20")
    link = page.get_by_role("link", name="Sign in beside")
    link.wait_for()
    assert link.get_attribute("href") == reverse("admin:login")
    page.context.add_cookies(cookies)
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    rows(page, 1)
    assert quantities(order) == [("B-M8-40", 20)]


def test_what_a_typed_line_may_mean_is_taken_with_two_keys(desk, rep):
    order = an_order({}, a_customer("Kern AG"), by=rep)
    page = desk(rep, pad_of(order))
    ready(page)

    typed(page, "V-22O 20")
    page.get_by_role("button", name="V-220").wait_for()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    rows(page, 1)
    page.keyboard.type("V-220 3")

    assert quantities(order) == [("V-220", 20)]
    assert page.input_value("#line") == "V-220 3"


@pytest.mark.parametrize("window", [DESK, PHONE], ids=["desk", "phone"])
def test_what_a_typed_line_may_mean_is_seen_above_the_line_being_typed(desk, rep, window):
    house = a_warehouse("SOUTH")
    many = {a_product(f"R-{n:02}", on_hand=9, at=house): 1 for n in range(20)}
    page = desk(rep, pad_of(an_order(many, a_customer("Kern AG"), by=rep)), viewport=window)
    ready(page)

    typed(page, "V-22O 20")
    choice = page.get_by_role("button", name="V-220")
    choice.wait_for()

    shown, bar = choice.bounding_box(), page.locator(".pad-entry").bounding_box()
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= bar["y"]


def test_an_unknown_code_that_is_put_right_is_remembered(desk, rep):
    order = an_order({}, a_customer("Kern AG"), by=rep)
    page = desk(rep, pad_of(order))
    ready(page)

    typed(page, "K-47 20")
    page.get_by_role("button", name="Edit").click()
    page.keyboard.press("Control+A")
    typed(page, "V-220 20")
    rows(page, 1)
    offer = page.locator("#learn p")
    assert offer.inner_text().startswith("Shall “K-47” be remembered as this customer's number for V-220?")
    page.get_by_role("button", name="Remember it").click()
    page.wait_for_function("document.querySelector('#learn').textContent.includes('from now on')")
    typed(page, "k-47 3")
    rows(page, 2)

    assert quantities(order) == [("V-220", 20), ("V-220", 3)]


def test_what_is_typed_without_a_network_is_kept_and_sent_later(desk, rep):
    order = an_order({}, by=rep)
    page = desk(rep, pad_of(order))
    ready(page)

    page.context.set_offline(True)
    typed(page, "B-M8-40 20", "V-220 3")
    page.wait_for_function("document.getElementById('saved').textContent.startsWith('not saved')")
    assert order.lines.count() == 0
    page.context.set_offline(False)

    rows(page, 2)
    assert quantities(order) == [("B-M8-40", 20), ("V-220", 3)]


def test_two_tabs_never_overwrite_each_other(desk, rep):
    order = an_order({}, by=rep)
    mine, other = desk(rep, pad_of(order)), desk(rep, pad_of(order))
    ready(other)
    typed(other, "B-M8-40 1")
    rows(other, 1)

    ready(mine)
    typed(mine, "V-220 2")

    rows(mine, 2)
    assert quantities(order) == [("B-M8-40", 1), ("V-220", 2)]
    assert mine.is_hidden("#trouble"), "what nobody else touched needs no question"


def put(page, line, text):
    """Type a quantity into a line's cell."""
    page.click(f'[data-line="{line.pk}"] [data-column="quantity"]')
    page.fill(".pad-input", text)
    page.keyboard.press("Enter")


@pytest.fixture
def two_tabs(desk, rep):
    """An order of two lines, and the same line changed to 5 in another tab while ours still shows 1."""
    order = an_order({}, by=rep)
    mine, other = desk(rep, pad_of(order)), desk(rep, pad_of(order))
    ready(other)
    typed(other, "B-M8-40 1", "V-220 2")
    rows(other, 2)
    mine.reload()
    ready(mine)
    first, second = order.lines.order_by("position")
    put(other, first, "5")
    saved(other)
    return order, first, second, mine


def test_a_clash_is_shown_for_its_cell_only(two_tabs):
    order, first, second, mine = two_tabs

    put(mine, second, "7")
    saved(mine)
    put(mine, first, "9")
    saved(mine)
    assert quantities(order) == [("B-M8-40", 9), ("V-220", 7)], "after the reload it showed 5, so 9 was meant"
    assert mine.is_hidden("#trouble")


@pytest.mark.parametrize(("button", "quantity"), [(0, 9), (1, 5)])
def test_two_values_for_one_cell_are_a_choice(two_tabs, button, quantity):
    order, first, _second, mine = two_tabs

    put(mine, first, "9")
    mine.wait_for_selector("#trouble:not([hidden])")
    told = mine.inner_text("#trouble")
    assert f"ana changed {order} just now." in told
    assert "1 B-M8-40, Quantity now 5, yours: 9" in told
    mine.click(f"#trouble button >> nth={button}")
    saved(mine)

    assert quantities(order) == [("B-M8-40", quantity), ("V-220", 2)]
    assert mine.is_hidden("#trouble")
    assert f"{quantity} C62" in mine.inner_text(f'[data-line="{first.pk}"]')


def test_a_clash_above_the_lines_names_the_field(desk, rep):
    order = an_order({}, by=rep)
    mine, other = desk(rep, pad_of(order)), desk(rep, pad_of(order))
    ready(mine)
    for page, text in ((other, "4500-1"), (mine, "4500-2")):
        page.fill("[name=customer_po]", text)
        page.press("[name=customer_po]", "Tab")
        page.wait_for_function("document.getElementById('saved').textContent !== 'saving …'")

    mine.wait_for_selector("#trouble:not([hidden])")
    assert "PO number now 4500-1, yours: 4500-2" in mine.inner_text("#trouble")
    mine.click("#trouble button >> nth=1")

    order.refresh_from_db()
    assert order.customer_po == mine.input_value("[name=customer_po]") == "4500-1"


def test_a_line_that_somebody_changed_is_not_removed_unasked(two_tabs):
    order, first, second, mine = two_tabs

    mine.click(f'[data-line="{second.pk}"] [data-remove]')
    mine.click(f'[data-line="{first.pk}"] [data-remove]')
    mine.wait_for_selector("#trouble:not([hidden])")
    mine.wait_for_function(f"""!document.querySelector('[data-line="{second.pk}"]')""")

    assert quantities(order) == [("B-M8-40", 5)]
    assert mine.locator("#trouble button").count() == 2


def requests_of(rep, manager_group, n=2):
    a_rule(threshold=1, approvers=manager_group)
    customer, product = a_customer(), a_product()
    for _ in range(n):
        submit_order(enter_order(Header(customer.pk), [a_line(product, 5)], by=rep).pk, by=rep)


def test_the_inbox_is_emptied_by_keys(desk, rep):
    managers = a_group("managers")
    requests_of(rep, managers)
    manager = a_user(*RIGHTS, groups=[managers], is_staff=True)
    page = desk(manager, reverse("admin:orders_approvalrequest_inbox"))
    page.wait_for_function("document.activeElement?.classList.contains('card')")

    page.keyboard.press("a")
    page.wait_for_selector("text=is approved and goes on")
    page.wait_for_function("document.activeElement?.classList.contains('card')")
    for key in ("r", "a", "Escape"):  # whoever is about to reject approves nothing, and may think again
        page.keyboard.press(key)
    page.wait_for_function("document.activeElement?.matches('.card:not(:has(details[open]))')")
    page.keyboard.press("r")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Nothing waits for you")

    assert list(ApprovalRequest.objects.order_by("pk").values_list("status", flat=True)) == [
        "approved",
        "rejected",
    ]


def test_the_inbox_takes_two_taps_on_a_phone_without_a_script(desk, rep):
    managers = a_group("managers")
    requests_of(rep, managers, n=1)
    manager = a_user(*RIGHTS, groups=[managers], is_staff=True)
    page = desk(
        manager, reverse("admin:orders_approvalrequest_inbox"), java_script_enabled=False,
        viewport={"width": 360, "height": 780},
    )  # fmt: skip

    button = page.locator("[data-decide=approve]")
    assert button.evaluate("b => b.getBoundingClientRect().height") >= 48
    button.click()
    page.wait_for_selector("text=Nothing waits for you")

    assert ApprovalRequest.objects.get().status == "approved"


def test_the_pad_has_one_editor_however_many_lines(desk, rep):
    order = an_order({a_product(): 1 for _ in range(30)}, by=rep)
    page = desk(rep, pad_of(order), viewport={"width": 360, "height": 780})
    ready(page)

    assert page.locator("#rows input").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.keyboard.type("v-2")
    choices = page.locator("#line-list")
    choices.wait_for()
    assert choices.bounding_box()["width"] > 300, "as wide as the page, not as the line that is typed"
    page.fill("#line", "")
    typed(page, "V-220 3")
    rows(page, 31)
    bar = page.locator(".pad-entry").bounding_box()
    newest, sums = page.locator("#rows tr").last.bounding_box(), page.locator("#summary").bounding_box()
    assert 0 <= newest["y"] < newest["y"] + newest["height"] <= bar["y"] + 1
    assert sums["y"] + sums["height"] <= 780

    page.keyboard.press("ArrowUp")
    for key, row in (("Control+Home", 1), ("PageDown", 11), ("Control+End", 31), ("PageUp", 21)):
        page.keyboard.press(key)
        here = page.locator("#rows tr:focus-within")
        assert here.get_attribute("data-position") == str(row)
        box = page.locator(":focus").bounding_box()
        assert 0 <= box["y"] < box["y"] + box["height"] <= bar["y"] + bar["height"]
