import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.campaigns.duel import Duel
from tests.campaigns.stages import Place


@pytest.fixture(scope="session")
def both(django_db_setup: None) -> Iterator[Duel]:
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rpartition("?")
    duel = Duel(name, f"{url[0].rpartition('/')[0]}/{name}{url[1]}{url[2]}").ready()
    yield duel
    duel.go_home()


@pytest.fixture
def duel(transactional_db: None, both: Duel) -> Duel:
    both.place = Place()  # type: ignore[attr-defined]
    return both
