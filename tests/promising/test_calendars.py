"""Working days, holidays, and the hour until which a day's goods leave."""

from datetime import UTC, date, datetime, time

import pytest

from inventory.calendars import Calendar, day_in, delivery_day, first_ship_day

HAMBURG = Calendar(country="DE", subdivision="HH")
ZONE = "Europe/Berlin"
THREE = time(15, 0)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 6, 1), True),  # a Monday
        (date(2026, 6, 6), False),  # a Saturday
        (date(2026, 5, 1), False),  # Labour Day
        (date(2026, 5, 14), False),  # Ascension Day
        (date(2025, 10, 31), False),  # Reformation Day, in Hamburg
        (date(2026, 12, 25), False),
        (date(2026, 12, 24), True),
    ],
)
def test_hamburg_works_on_weekdays_that_are_no_public_holidays(day, open_):
    assert HAMBURG.is_open(day) is open_


def test_a_part_of_the_country_has_its_own_holidays():
    bavaria, germany = Calendar(country="DE", subdivision="BY"), Calendar(country="DE")
    corpus_christi = date(2026, 6, 4)

    assert not bavaria.is_open(corpus_christi)
    assert HAMBURG.is_open(corpus_christi)
    assert germany.is_open(corpus_christi)


def test_extra_closing_days_and_other_weekdays():
    six = Calendar(frozenset({1, 2, 3, 4, 5, 6}), "DE", "HH", frozenset({date(2026, 6, 8)}))

    assert six.is_open(date(2026, 6, 6))
    assert six.first_open(date(2026, 6, 7)) == date(2026, 6, 9)


@pytest.mark.parametrize("country", ["", "XX"])
def test_an_unknown_country_has_no_holidays(country):
    assert Calendar(country=country).is_open(date(2026, 12, 25))


def test_an_unknown_part_has_the_holidays_of_the_country():
    assert not Calendar(country="DE", subdivision="Werk 2").is_open(date(2026, 12, 25))


def test_working_days_are_counted_over_easter():
    maundy_thursday = date(2026, 4, 2)

    assert HAMBURG.after(maundy_thursday, 0) == maundy_thursday
    assert HAMBURG.after(maundy_thursday, 1) == date(2026, 4, 7)
    assert HAMBURG.after(maundy_thursday, 2) == date(2026, 4, 8)


def test_somebody_who_never_opens_is_given_up_on():
    assert Calendar(frozenset()).first_open(date(2026, 1, 1)) > date(2027, 1, 1)


def first(now, calendar=HAMBURG, cut_off=THREE):
    return first_ship_day(calendar, zone=ZONE, cut_off=cut_off, now=now)


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        (datetime(2026, 6, 1, 12, 59, 59, tzinfo=UTC), date(2026, 6, 1)),  # 14:59:59 there
        (datetime(2026, 6, 1, 13, 0, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 1, 5, 13, 59, tzinfo=UTC), date(2026, 1, 5)),  # winter: 14:59 there
        (datetime(2026, 1, 5, 14, 0, tzinfo=UTC), date(2026, 1, 6)),
        (datetime(2026, 5, 31, 22, 30, tzinfo=UTC), date(2026, 6, 1)),  # it is Monday there already
        (datetime(2026, 6, 5, 13, 0, tzinfo=UTC), date(2026, 6, 8)),  # after Friday's cut-off
        (datetime(2026, 6, 6, 8, 0, tzinfo=UTC), date(2026, 6, 8)),  # on a Saturday
    ],
)
def test_the_cut_off_is_the_warehouses_hour(now, leaves):
    assert first(now) == leaves


EVERY_DAY = Calendar(frozenset(range(1, 8)))
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.mark.parametrize(
    ("day", "last_minute", "cut_off_in_utc"),
    [
        (SPRING, datetime(2026, 3, 29, 12, 59, tzinfo=UTC), datetime(2026, 3, 29, 13, 0, tzinfo=UTC)),
        (AUTUMN, datetime(2026, 10, 25, 13, 59, tzinfo=UTC), datetime(2026, 10, 25, 14, 0, tzinfo=UTC)),
    ],
)
def test_the_days_on_which_clocks_change_keep_the_hour(day, last_minute, cut_off_in_utc):
    assert first(last_minute, EVERY_DAY) == day
    assert first(cut_off_in_utc, EVERY_DAY) == day.replace(day=day.day + 1)


def test_the_hour_that_autumn_repeats_does_not_open_the_day_again():
    half_past_two = time(2, 30)
    moments = [datetime(2026, 10, 25, hour, minute, tzinfo=UTC) for hour in (0, 1) for minute in (15, 45)]

    found = [first(now, EVERY_DAY, half_past_two) == AUTUMN for now in moments]

    assert found == [True, False, False, False]  # 02:15, 02:45, 02:15 again, 02:45 again


def test_a_cut_off_that_spring_leaves_out_comes_an_hour_later_by_the_clock():
    half_past_two = time(2, 30)

    assert first(datetime(2026, 3, 29, 1, 29, tzinfo=UTC), EVERY_DAY, half_past_two) == SPRING  # 03:29
    assert first(datetime(2026, 3, 29, 1, 30, tzinfo=UTC), EVERY_DAY, half_past_two) > SPRING


def test_today_is_the_date_there():
    moment = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)

    assert day_in("America/Los_Angeles", moment) == date(2026, 5, 31)
    assert day_in("Asia/Tokyo", moment) == date(2026, 6, 1)


def test_goods_arrive_after_the_carriers_days_when_the_receiver_works():
    french = Calendar(country="FR")
    thursday = date(2026, 7, 9)

    monday = delivery_day(thursday, transit_days=2, carrier=HAMBURG, receiver=french)
    assert monday == date(2026, 7, 13)
    assert delivery_day(monday, transit_days=1, carrier=HAMBURG, receiver=french) == date(
        2026, 7, 15
    )  # not the 14th
    assert delivery_day(thursday, transit_days=0, carrier=HAMBURG, receiver=french) == thursday
