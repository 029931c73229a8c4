"""`manage.py verify` says what is wrong, and says nothing when nothing is."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from oms.snapshots import snapshot
from oms.verify import invariants, verify
from tests.builders import a_product, a_warehouse
from tests.verify.conftest import NOBODY_LOOKS, behind_its_back, for_a_moment, run
from tests.verify.corruptions import ALWAYS_WITH_IT, ONLY_ITS_OWN

ONE_TOO_MANY = "UPDATE inventory_stocklevel SET on_hand = on_hand + 1 WHERE on_hand > 0"


def breached() -> set[str]:
    return {breach.invariant for breach in verify()}


def test_a_house_in_which_everything_was_done_is_clean_and_each_invariant_sees_what_no_other_sees(
    world, subtests
):
    assert verify() == []
    for name, corruption in ONLY_ITS_OWN.items():
        if corruption.openly:
            with subtests.test(name), behind_its_back(*corruption.hidden, openly=corruption.openly):
                require_seen_alone(name)
    run(NOBODY_LOOKS)
    for name, corruption in ONLY_ITS_OWN.items():
        if not corruption.openly:
            with subtests.test(name), for_a_moment(*corruption.hidden):
                require_seen_alone(name)


def require_seen_alone(name: str) -> None:
    found = breached()
    assert name in found
    assert not found - {name} - ALWAYS_WITH_IT


def test_each_invariant_has_a_corruption_of_its_own():
    assert set(ONLY_ITS_OWN) == set(invariants())


@pytest.fixture
def nuts(db):
    return a_product("NUT-M8", on_hand=12, at=a_warehouse("NORTH"))


def test_a_breach_is_told_with_what_was_found_and_expected(nuts):
    with behind_its_back(ONE_TOO_MANY):
        found = [str(breach) for breach in verify()]

    assert found == ["I1 on hand is the sum of sellable movements: NUT-M8 in NORTH: found 13, expected 12"]


def test_a_proof_that_breaks_down_is_a_breach_and_hides_no_other(nuts):
    with behind_its_back(ONE_TOO_MANY, "ALTER TABLE orders_hold RENAME TO gone"):
        found = {breach.where for breach in verify()}

    assert {"the proof itself", "NUT-M8 in NORTH"} <= found


def test_the_command_ends_with_counts(nuts):
    out = StringIO()

    call_command("verify", stdout=out)

    assert out.getvalue().startswith(f"{len(invariants())} invariants, 0 breaches, ")


def test_the_command_prints_a_line_per_breach_and_fails(nuts):
    out = StringIO()
    with behind_its_back(ONE_TOO_MANY), pytest.raises(SystemExit) as end:
        call_command("verify", stdout=out)

    *lines, last = out.getvalue().splitlines()
    assert end.value.code == 1
    assert len(lines) == 1
    assert f" {len(lines)} breaches" in last


def test_the_command_speaks_json(nuts):
    out = StringIO()
    with behind_its_back(ONE_TOO_MANY), pytest.raises(SystemExit):
        call_command("verify", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["invariants"] == len(invariants())
    assert set(told["breaches"][0]) == {"invariant", "where", "found", "expected"}


@pytest.mark.django_db(transaction=True)
def test_the_snapshot_is_one_moment_and_writes_nothing():
    with snapshot(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')"
        )
        assert cursor.fetchone() == ("repeatable read", "on")
