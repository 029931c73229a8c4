import pytest

from inventory.models import Warehouse
from oms.models import User
from tests.builders import a_boss, a_company, a_warehouse


@pytest.fixture
def house(db: None) -> Warehouse:
    a_company()
    return a_warehouse("NORTH", country="DE")


@pytest.fixture
def rep(db: None) -> User:
    return a_boss()
