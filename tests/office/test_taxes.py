"""Taxes and charges in the office: rates that never overlap, countries of one zone, what documents name stays."""

import pytest
from django.urls import reverse

from oms.models import Company, TaxRate, TaxRounding, TaxZone
from tests.builders import a_boss, a_company, a_tax_class, a_tax_rate, a_tax_zone, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    a_company()
    boss = a_boss()
    client.force_login(boss)
    return boss


def rate(**values):
    zone, tax_class = a_tax_zone(), a_tax_class()
    return {"zone": zone.pk, "tax_class": tax_class.pk, "percent": "19", "valid_from": in_days(0), **values}


def test_a_rate_that_meets_another_is_refused_with_what_to_do(client, boss):
    a_tax_rate(19)

    page = client.post(reverse("admin:oms_taxrate_add"), rate(percent="20"))

    assert "end that one first" in page.content.decode()
    assert TaxRate.objects.count() == 1


def test_a_rate_ends_and_the_next_one_begins(client, boss):
    old = a_tax_rate(19)

    client.post(reverse("admin:oms_taxrate_change", args=[old.pk]), {"valid_to": in_days(0), "percent": "50"})
    client.post(reverse("admin:oms_taxrate_add"), rate(percent="20"))

    rates = TaxRate.objects.order_by("valid_from").values_list("percent", "valid_to")
    assert list(rates) == [(19, in_days(0)), (20, None)]  # what documents were taxed by never changes


def test_a_zone_takes_its_countries_and_none_of_another(client, boss):
    a_tax_zone("Germany", "DE")
    inline = {"countries-TOTAL_FORMS": "2", "countries-INITIAL_FORMS": "0", "countries-0-country": "at"}

    page = client.post(
        reverse("admin:oms_taxzone_add"), {"name": "EU", **inline, "countries-1-country": "DE"}
    )
    assert "already exists" in page.content.decode()
    client.post(reverse("admin:oms_taxzone_add"), {"name": "EU", **inline, "countries-1-country": ""})

    assert list(TaxZone.objects.get(name="EU").countries.values_list("country", flat=True)) == ["AT"]


def test_the_company_says_how_tax_is_rounded(client, boss):
    page = reverse("admin:oms_company_change", args=[1])
    form = client.get(page).context["adminform"].form
    values = {
        name: form[name].value() or "" for name in form.fields if name not in ("logo", "prices_include_tax")
    }

    client.post(page, {**values, "tax_rounding": "line", "prices_include_tax": "on"})

    company = Company.objects.get()
    assert (company.tax_rounding, company.prices_include_tax) == (TaxRounding.LINE, True)
