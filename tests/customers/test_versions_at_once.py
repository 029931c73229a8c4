"""Steps of a version wait for changes of its prices that have begun, and see them."""

from datetime import date
from threading import Barrier, Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from customers.models import PriceListVersion, PriceRule
from customers.services import versions
from customers.services.comparing import seal_of
from customers.services.versions import draft_version, propose_version, put_in_force
from customers.status import VersionStatus
from oms.documents import LockedQuerySet
from oms.errors import Refused, Stale
from tests.builders import a_price, a_price_list, a_product, a_version, in_days

pytestmark = pytest.mark.django_db(transaction=True)
A_WHILE = 0.7  # seconds in which a step that did not wait would long be done


@pytest.fixture
def draft():
    a_price(a_product("BOLT", price=None), 10)
    return draft_version(a_price_list().pk, by=None)


def in_thread(act, *arguments):
    """Run `act` on a connection of its own; what it raised is in the list that comes back."""
    raised: list[BaseException] = []

    def run():
        try:
            act(*arguments)
        except (Refused, DatabaseError) as error:
            raised.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread, raised


def change_and_dawdle(version_id, begun, go_on):
    with transaction.atomic():
        PriceRule.objects.filter(version=version_id).update(price=99)
        begun.set()
        go_on.wait(A_WHILE)


@pytest.mark.parametrize("seen", [True, False])
def test_a_version_is_put_in_force_after_the_change_that_had_begun_or_refused_where_it_was_seen_before(
    draft, seen
):
    seal, since = seal_of(draft.pk), in_days(0)
    begun = Event()
    changing, wrong = in_thread(change_and_dawdle, draft.pk, begun, Event())
    begun.wait(10)

    if seen:
        with pytest.raises(Stale):
            put_in_force(draft.pk, since=since, by=None, seal=seal)
    else:
        put_in_force(draft.pk, since=since, by=None)
        assert PriceRule.objects.get(version=draft).price == 99
    changing.join()
    assert wrong == []


def test_a_change_that_begins_while_a_version_is_being_proposed_is_refused(draft):
    with transaction.atomic():
        propose_version(draft.pk, by=None)
        rules = PriceRule.objects.filter(version=draft.pk)
        changing, wrong = in_thread(lambda: rules.update(price=99))
        changing.join(0.2)
    changing.join()

    assert len(wrong) == 1


def test_two_people_who_put_the_same_version_in_force_at_once_do_it_once(draft):
    since: date = in_days(0)
    (one, first), (two, second) = (
        in_thread(lambda: put_in_force(draft.pk, since=since, by=None)) for _person in range(2)
    )
    one.join()
    two.join()

    refused = [*first, *second]
    assert len(refused) == 1
    assert isinstance(refused[0], Refused)
    assert PriceListVersion.objects.filter(status=VersionStatus.IN_FORCE, in_force_to=None).count() == 1
    assert a_version() == draft


@pytest.fixture
def nothing_is_held(monkeypatch):
    monkeypatch.setattr(LockedQuerySet, "locked", lambda rows: rows)
    monkeypatch.setattr(versions, "lock_row", lambda model, pk: model.objects.get(pk=pk))


def test_without_the_lock_both_do_it(draft, nothing_is_held, monkeypatch):
    meet, since, held = Barrier(2, timeout=10), in_days(0), versions._locked

    def held_together(version_id):
        version = held(version_id)
        meet.wait()
        return version

    monkeypatch.setattr(versions, "_locked", held_together)
    (one, first), (two, second) = (
        in_thread(lambda: put_in_force(draft.pk, since=since, by=None)) for _person in range(2)
    )
    one.join()
    two.join()

    assert [*first, *second] == []
    assert not meet.broken, "the other one still waited for the lock"


def test_without_the_lock_prices_come_into_force_that_nobody_saw(draft, nothing_is_held):
    seal, begun = seal_of(draft.pk), Event()
    changing, wrong = in_thread(change_and_dawdle, draft.pk, begun, Event())
    begun.wait(10)

    put_in_force(draft.pk, since=in_days(0), by=None, seal=seal)
    changing.join()

    assert wrong == []
    assert PriceRule.objects.get(version=draft).price == 99
