"""What the demo is made of, without a database."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from stdnum import ean

from oms.demo.buyers import BUYERS
from oms.demo.catalogue import gtin_of
from oms.demo.clock import Clock, Story, play
from oms.demo.families import CATEGORIES, Pack
from oms.demo.families_more import all_items
from oms.demo.people import logins
from oms.demo.plans import EMPTY, LOW, REFILLED, Planner
from oms.demo.telling import STORIES
from oms.demo.words import PASSWORD, SITES

BERLIN = ZoneInfo("Europe/Berlin")


def a_clock(today: date = date(2026, 3, 2)) -> Clock:
    return Clock(today, BERLIN)


def test_there_are_about_four_hundred_items_with_skus_of_their_own():
    items = all_items()

    assert 380 <= len(items) <= 450
    assert len({item.sku for item in items}) == len(items)
    assert {item.category for item in items} <= {code for code, *_rest in CATEGORIES}
    assert all(item.cost > 0 for item in items)


def test_every_item_has_its_base_unit_and_offers_one_of_its_packs():
    for item in all_items():
        assert item.packs[0].holds == 1, item.sku
        assert item.offered in {pack.code for pack in item.packs}, item.sku
        assert len({pack.code for pack in item.packs}) == len(item.packs), item.sku


def test_gtins_are_valid_and_millimetres_have_none():
    assert ean.is_valid(gtin_of(Pack("BX", "box", 100), 1) or "")
    assert gtin_of(Pack("MMT", "millimetre"), 1) is None


def test_sixty_customers_belong_to_known_sites_and_parents():
    codes = [buyer.code for buyer in BUYERS]

    assert len(set(codes)) == len(codes) == 60
    assert {buyer.site for buyer in BUYERS} == {site.code for site in SITES}
    assert all(not buyer.parent or buyer.parent in codes[: codes.index(buyer.code)] for buyer in BUYERS)


def test_items_with_a_part_in_the_story_exist():
    assert {*EMPTY, *LOW, *REFILLED} <= {item.sku for item in all_items()}


def test_each_role_has_a_login_and_the_password_is_long_enough():
    assert len({person.role for person in logins()}) == 10
    assert len(PASSWORD) >= 15


@pytest.mark.parametrize("day", [date(2026, 3, 2) + timedelta(days=n) for n in range(7)])
def test_the_plans_of_a_day_are_always_the_same(day: date):
    items = all_items()

    plans = Planner(a_clock(day), items).all()

    assert plans == Planner(a_clock(day), items).all()
    assert {plan.story for plan in plans} == set(STORIES)
    assert all(plan.begins.weekday() < 5 and plan.begins.date() <= day for plan in plans)
    assert all(plan.wanted for plan in plans)


def test_a_working_day_before_a_weekend_is_a_friday_and_after_it_a_monday():
    clock = a_clock(date(2026, 3, 2))

    assert [clock.day(n).isoformat() for n in (0, 1, 2, 3)] == [
        "2026-03-02", "2026-02-27", "2026-02-27", "2026-02-27",
    ]  # fmt: skip
    clock.reach(clock.at(3, 17))
    assert clock.next_day(7).date() == date(2026, 3, 2)


def test_stories_are_told_in_the_order_of_their_moments_and_nothing_lies_in_the_future():
    clock, told = a_clock(), []
    morning = datetime(2026, 3, 2, 8, tzinfo=UTC)

    def a_story(name: str, *moments: datetime) -> Story[None]:
        for moment in moments:
            yield moment
            told.append((name, clock.now() <= timezone.now()))

    far = datetime(2999, 1, 1, tzinfo=UTC)
    play(clock, [a_story("a", morning, far), a_story("b", morning + timedelta(hours=1))])

    assert told == [("a", True), ("b", True), ("a", True)]
