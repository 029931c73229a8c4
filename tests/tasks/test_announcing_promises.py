"""Letters tell the promised days."""

import pytest
from django.core import mail
from django.utils.formats import date_format

from inventory.services.suppliers_answers import redate_purchase_lines
from orders.services.watching import promise_again
from orders.tasks import announce_order_events
from tests.builders import a_company, a_confirmed_order, a_product, a_warehouse, in_days
from tests.promising.house import on_its_way

pytestmark = pytest.mark.django_db


def test_the_confirmation_and_the_letter_with_other_days_name_the_day():
    a_company()
    north = a_warehouse("NORD", working_days="1234567", ship_cut_off="23:59:59", country="", transit_days=0)
    bolts = a_product("BOLT")
    line = on_its_way(bolts, north, 10, in_days(3))
    order = a_confirmed_order({bolts: 10})
    first = order.lines.get().promised_on
    redate_purchase_lines(line.purchase_order_id, {line.pk: in_days(17)}, by=None, reason="a strike")
    promise_again(order.pk, by=None, reason="a strike")
    second = order.lines.get().promised_on

    announce_order_events()

    confirmed, again = (letter.body for letter in mail.outbox if order.number in letter.subject)
    assert second > first
    assert f"with you on {date_format(second, 'SHORT_DATE_FORMAT')}" in again
    assert f"with you on {date_format(second, 'SHORT_DATE_FORMAT')}" in confirmed
