"""Rows are pasted under real fingers: a glance, Enter, and what is not sure stays marked."""

import pytest

from tests.browser.windows import fits, in_every_window, picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    document.getElementById("line").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def shown(page):
    page.wait_for_selector("#paste [data-enter]")


def all_saved(page, n):
    page.wait_for_function("n => document.querySelectorAll('#rows [data-line]').length === n", arg=n)
    page.wait_for_function("document.getElementById('saved').textContent === 'saved'")


def quantities(order):
    return list(order.lines.values_list("product__sku", "ordered"))


def test_a_glance_and_enter_add_what_is_sure_and_keep_the_rest_marked(pad, draft):
    page = pad(draft)
    page.evaluate(PASTE, "SKU\tQty\nB-M8-40\t1.200\nV-2220\t6\n4006381333931\t2\n")
    shown(page)
    assert page.inner_text("#paste h3") == "3 rows pasted"
    assert draft.lines.count() == 0

    page.keyboard.press("Enter")

    all_saved(page, 2)
    assert quantities(draft) == [("B-M8-40", 1200), ("B-M8-40", 24)]
    assert "V-2220" in page.inner_text("#waiting-rows")
    page.click("#waiting-rows >> text=V-220 >> nth=-1")
    all_saved(page, 3)
    assert quantities(draft)[-1] == ("V-220", 6)


def test_what_is_marked_is_there_after_a_reload_until_it_is_put_right(pad, draft):
    page = pad(draft)
    page.evaluate(PASTE, "SKU\tQty\nB-M8-40\t7\nV-2220\t6\nNO-SUCH-1\t2\n")
    shown(page)
    page.keyboard.press("Enter")
    all_saved(page, 1)

    page.reload()
    page.locator("#waiting-rows .has-problem").nth(1).wait_for()

    page.click("#waiting-rows >> text=V-220 >> nth=-1")
    all_saved(page, 2)
    page.locator("#waiting-rows .has-problem button").last.click()
    page.reload()
    page.locator("#rows [data-line]").nth(1).wait_for()
    assert page.locator("#waiting-rows .has-problem").count() == 0
    assert quantities(draft) == [("B-M8-40", 7), ("V-220", 6)]


def test_choices_are_looked_at_again_before_anything_is_added(pad, draft):
    page = pad(draft)
    page.evaluate(PASTE, "B-M8-40\t5\nV-2220\t6\nB-M8-40\t7")
    shown(page)

    page.click("#paste [data-code=V-220]")
    page.wait_for_selector("text=3 ready")
    page.check("#paste [data-wish=merge]")
    page.wait_for_selector("text=added to row 1")
    page.focus("#paste [data-enter]")
    page.keyboard.press("Enter")

    all_saved(page, 2)
    assert quantities(draft) == [("B-M8-40", 12), ("V-220", 6)]


def test_each_product_of_a_line_is_chosen_for_itself_and_what_is_in_doubt_waits(pad, draft):
    page = pad(draft)
    page.evaluate(PASTE, "Hallo\nV-220 und B-M8-40 je 24\n5 V-220 und B-M8-40\n7 V-220 @ 3 USD\nGruß")
    shown(page)
    assert "Not read: B-M8-40" in page.inner_text("#paste")

    page.click("#paste [data-row='2.2'][data-quantity='2 BX']")
    page.wait_for_selector("#paste td:has-text('2 BX')")
    page.click("#paste [data-row='4'][data-quantity='7 C62']")
    page.wait_for_selector("text=3 ready")
    page.focus("#paste [data-enter]")
    page.keyboard.press("Enter")

    all_saved(page, 3)
    assert quantities(draft) == [("V-220", 24), ("B-M8-40", 24), ("V-220", 7)]
    assert "Read: 5 V-220" in page.inner_text("#waiting-rows")
    for window in in_every_window(page):
        assert fits(page), window


def test_escape_leaves_the_order_as_it_is(pad, draft):
    page = pad(draft)
    page.evaluate(PASTE, "B-M8-40\t5\nV-220\t6")
    shown(page)

    page.keyboard.press("Escape")

    page.wait_for_selector("#paste", state="hidden")
    assert draft.lines.count() == 0


def test_a_file_is_read_in_whatever_letters_it_was_saved(pad, draft, tmp_path):
    file = tmp_path / "liste.csv"
    file.write_bytes("Artikel;Stück\r\nV-220;3\r\n".encode("cp1252"))
    page = pad(draft)

    page.set_input_files("#paste-file", file)
    shown(page)
    assert "Stück" in page.inner_text("#paste")
    page.keyboard.press("Enter")

    all_saved(page, 1)
    assert quantities(draft) == [("V-220", 3)]


def test_the_paste_fits_any_screen(pad, draft):
    page = pad(draft)
    page.evaluate(
        PASTE, "SKU;Bezeichnung;Menge\nB-M8-40;Bolzen verzinkt;1.200\nV-2220;Ventil;6\nV 220;Ventil;6"
    )
    shown(page)
    for window in in_every_window(page):
        picture(page, f"paste-{window}")
        assert fits(page), window
        assert page.locator("#paste [data-enter]").is_visible(), window
