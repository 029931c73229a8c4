"""The pad shows one moment, also when somebody saves while it is read."""

from threading import Thread

import pytest
from django.db import connection

from orders.services.drafting import Edit, edit_order
from orders.views import pad
from tests.builders import a_boss, a_company, a_customer, a_line, a_product, a_warehouse, an_order
from tests.pad.sending import url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("page", ["pad", "rows"])
def test_lines_their_number_and_the_revision_are_of_one_moment(client, monkeypatch, page):
    a_company()
    a_warehouse("MAIN")
    boss, product = a_boss(), a_product("A")
    order = an_order({product: 5}, a_customer(), by=boss)
    client.force_login(boss)
    client.get(url(order, page))  # what is read once for all requests has been read

    def add_a_line():
        edit_order(order.pk, Edit(0, [a_line(product, 7)]), by=boss)
        connection.close()

    rows_of = pad.rows_of

    def rows_and_then_somebody_saves(*read):
        found = rows_of(*read)
        saving = Thread(target=add_a_line)
        saving.start()
        saving.join()
        return found

    monkeypatch.setattr(pad, "rows_of", rows_and_then_somebody_saves)
    shown = client.get(url(order, page))
    monkeypatch.undo()

    text = shown.content.decode()
    assert "1 line" in text
    assert "2 lines" not in text
    assert order.lines.count() == 2
    if page == "rows":
        assert (shown.json()["revision"], len(shown.json()["rows"])) == (0, 1)
    assert "2 lines" in client.get(url(order, page)).content.decode()
