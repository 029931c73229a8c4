"""The same supply is promised once, however many confirm at the same moment."""

from collections import Counter

import pytest

from inventory.models import Supplier
from inventory.services.purchasing import Expected, place_purchase_order
from inventory.services.suppliers_answers import Answer, confirm_purchase_order
from oms.verify import verify
from orders.models import OrderLine
from tests.builders import a_company, a_customer, a_product, a_stock, a_submitted_order, a_warehouse, in_days
from tests.races.company import MANY
from tests.races.players import Outcome, Turn, errors

pytestmark = pytest.mark.race


@pytest.fixture
def orders(players):
    """Eight submitted orders for one unit each, of which one is there, three come soon and two later."""
    a_company()
    house = a_warehouse(working_days="1234567", ship_cut_off="23:59:59")
    bolts, customer = a_product("BOLT-M8"), a_customer()
    a_stock(bolts, 1, house)
    supplier = Supplier.objects.create(code="HYDRA", name="Hydra")
    for quantity, days in ((3, 3), (2, 8)):
        purchase = place_purchase_order(
            supplier, house, [Expected(bolts.pk, quantity, in_days(days))], by=None
        )
        answer = {purchase.lines.get().pk: Answer(quantity, in_days(days))}
        confirm_purchase_order(purchase.pk, answer, by=None)
    return [a_submitted_order({bolts: 1}, customer=customer).pk for _player in range(MANY)]


def require_each_unit_is_promised_once(outcomes: list[Outcome]) -> None:
    assert errors(outcomes) == []
    promised = Counter(OrderLine.objects.values_list("ship_on", flat=True))
    assert promised == {in_days(0): 1, in_days(4): 3, in_days(9): 2, None: MANY - 6}
    assert verify() == []


def test_eight_confirm_orders_for_the_same_supply_and_each_unit_is_promised_once(players, orders):
    require_each_unit_is_promised_once(players.race([Turn("confirm", (pk,)) for pk in orders]))


def test_without_the_lock_a_unit_is_promised_to_several(players, orders):
    outcomes = players.race([Turn("confirm", (pk,), "no_lock") for pk in orders])

    with pytest.raises(AssertionError):
        require_each_unit_is_promised_once(outcomes)
    promised = Counter(OrderLine.objects.values_list("ship_on", flat=True))
    assert promised[in_days(4)] > 3 or errors(outcomes)
