import pytest

from tests.verify.conftest import behind_its_back, run
from tests.verify.world import World, a_busy_house

__all__ = ["behind_its_back"]


@pytest.fixture
def world(db: None) -> World:
    house = a_busy_house()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return house
