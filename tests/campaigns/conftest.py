import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.campaigns.duel import Duel
from tests.campaigns.proving import probes
from tests.campaigns.stages import Place
from tests.plans import plans_kept


@pytest.fixture(scope="session")
def both(django_db_setup: None) -> Iterator[Duel]:
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rpartition("?")
    duel = Duel(name, f"{url[0].rpartition('/')[0]}/{name}{url[1]}{url[2]}").ready()
    yield duel
    duel.go_home()


@pytest.fixture
def duel(transactional_db: None, both: Duel) -> Iterator[Duel]:
    with plans_kept():
        both.place, both.proofs = Place(), probes()[0]  # type: ignore[attr-defined]
        yield both
