"""The players of every race and campaign, started once for all of them."""

from collections.abc import Iterator

import pytest
from django.db import connection

from tests.races.players import Players

MANY = 8


@pytest.fixture(scope="session")
def all_players(django_db_setup: None) -> Iterator[Players]:
    """Eight processes, started when the first race needs them."""
    players = Players(MANY, connection.settings_dict["NAME"])
    players.ready()
    yield players
    players.go_home()


@pytest.fixture
def players(transactional_db: None, all_players: Players) -> Players:
    return all_players
