"""Numbers and days are shown in one way and read in the same, whatever the browser prefers."""

from datetime import date, datetime

import pytest
from django import forms
from django.template import engines
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language

from tests.builders import a_boss, a_company, a_product, a_warehouse, an_order

DAY = date(2026, 11, 6)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de-DE,de;q=0.9", "en-US", "fr", ""])
def test_a_browsers_language_changes_no_number(client, language):
    a_company()
    a_warehouse()
    client.force_login(a_boss())
    order = an_order({a_product("BOLT", price="1041.04"): 2})

    answer = client.get(
        reverse("admin:orders_order_change", args=[order.pk]), headers={"Accept-Language": language}
    )

    assert "2,082.08" in answer.content.decode()
    assert "2.082,08" not in answer.content.decode()
    assert get_language() == "en"


@pytest.mark.parametrize("style", ["DATE_FORMAT", "SHORT_DATE_FORMAT"])
def test_a_day_is_shown_so_that_nobody_takes_it_for_another(style):
    assert date_format(DAY, style) == "6 Nov 2026"
    assert date_format(datetime(2026, 11, 6, 14, 5), style.replace("DATE", "DATETIME")) == "6 Nov 2026, 14:05"  # noqa: DTZ001


def test_templates_show_a_day_the_same_way():
    page = engines["django"].from_string("{{ day }} {{ day|date }} {{ day|date:'SHORT_DATE_FORMAT' }}")

    assert page.render({"day": DAY}) == "6 Nov 2026 6 Nov 2026 6 Nov 2026"


@pytest.mark.parametrize("text", ["2026-11-06", "6 Nov 2026", "6 November 2026"])
def test_a_day_is_read_as_it_is_shown(text):
    assert forms.DateField().clean(text) == DAY


@pytest.mark.parametrize("text", ["11/06/2026", "06/11/26", "06.11.2026"])
def test_a_day_that_could_be_two_is_not_read(text):
    with pytest.raises(forms.ValidationError):
        forms.DateField().clean(text)


def test_a_field_shows_its_day_in_the_form_it_reads():
    assert "2026-11-06" in str(forms.DateInput().render("day", DAY))


@pytest.mark.parametrize("text", ["1,234.50", "41,04"])
def test_a_comma_is_never_a_decimal_point(text):
    with pytest.raises(forms.ValidationError):
        forms.DecimalField().clean(text)


@pytest.mark.django_db
def test_the_company_is_not_asked_for_a_number_format_that_nothing_follows(client):
    a_company()
    client.force_login(a_boss())

    page = client.get(reverse("admin:oms_company_change", args=[1])).content.decode()

    assert "number_format" not in page
