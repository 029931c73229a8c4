import pytest

from tests.builders import a_company, a_product, a_user, a_warehouse


@pytest.fixture
def house(db):
    """A warehouse with three bins; one person may adjust 10 base units worth 100 a day there."""
    a_company()
    return a_warehouse("MAIN", bins=3, adjust_units=10, adjust_value=100)


@pytest.fixture
def bolts(house):
    return a_product("BOLT", on_hand=100, at=house, cost="2")


@pytest.fixture
def anna(db):
    return a_user(username="anna")


@pytest.fixture
def bert(db):
    return a_user(username="bert")


@pytest.fixture
def bins(house):
    return list(house.locations.select_related("warehouse").order_by("walk_order"))
