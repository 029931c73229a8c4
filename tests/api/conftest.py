import pytest

from tests.api.machine import Machine
from tests.builders import a_boss, a_company, a_warehouse


@pytest.fixture
def house(db):
    """A company with one warehouse."""
    a_company()
    return a_warehouse("NORD")


@pytest.fixture
def machine(house):
    """A machine that may do everything."""
    return Machine(a_boss())
