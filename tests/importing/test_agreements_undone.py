"""A file of agreements is taken back with one click, as long as nobody has touched what it drafted."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from customers.errors import AgreementRefused
from customers.models import Agreement
from customers.services.agreeing import drop_agreement, propose_agreement
from customers.status import AgreementStatus
from oms.errors import Refused
from oms.importing.jobs import begin_import, confirm_import, undo_import
from oms.models import ImportStatus
from oms.tasks import work_on_imports
from oms.verify import breaches
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house, table

pytestmark = pytest.mark.django_db(transaction=True)

PRICED = "customer|name|valid_from|valid_to|sku|unit|price|committed|maximum"
YEAR = "ACME|Frame|2026-01-01|2027-01-01"
OF_A_YEAR = [PRICED, f"{YEAR}|BOLT|CT|90|120|240", f"{YEAR.replace('Frame', 'Other')}|NUT||2.5||"]


@pytest.fixture
def boss(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    a_small_house()
    return a_boss()


def by_a_worker(boss, *rows):
    job = begin_import("agreements", ContentFile(table(*rows), "agreements.csv"), "", by=boss)
    assert work_on_imports()
    confirm_import(job.pk)
    assert work_on_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.IMPORTED
    return job


def test_what_a_file_drafted_is_dropped_with_one_click(boss, client):
    job = by_a_worker(boss, *OF_A_YEAR)
    client.force_login(boss)
    page = reverse("import_job", args=[job.pk])
    assert "Undo: drop the drafts that the file made" in client.get(page).content.decode()

    answer = client.post(reverse("import_undo", args=[job.pk]), follow=True).content.decode()

    one, two = Agreement.objects.order_by("pk")
    assert f"Undone. Dropped: {one}, {two}." in answer
    assert {one.status, two.status} == {AgreementStatus.DROPPED}
    assert one.events.last().by == boss
    assert list(breaches()) == []
    assert by_a_worker(boss, *OF_A_YEAR).counts == (2, 0, 0)  # and the file may come again


@pytest.mark.parametrize(
    "touch",
    [
        lambda one: propose_agreement(one.pk, by=None),
        lambda one: drop_agreement(one.pk, by=None),
        lambda one: one.lines.update(price=91),
        lambda one: one.lines.all().delete(),
        lambda one: Agreement.objects.filter(pk=one.pk).update(valid_to=date(2028, 1, 1)),
    ],
)
def test_what_somebody_has_touched_since_is_not_dropped_and_named(boss, touch):
    job = by_a_worker(boss, *OF_A_YEAR)
    one, two = Agreement.objects.order_by("pk")
    touch(one)

    with pytest.raises(AgreementRefused, match=f"{one}: changed since the import"):
        undo_import(job.pk)

    two.refresh_from_db()
    assert two.status == AgreementStatus.DRAFT


def test_an_import_that_changed_drafts_that_were_there_is_not_undone_by_half(boss):
    by_a_worker(boss, *OF_A_YEAR[:2])
    there = Agreement.objects.get()
    job = by_a_worker(boss, PRICED, f"{YEAR}|BOLT|CT|95|120|240", OF_A_YEAR[2])

    with pytest.raises(AgreementRefused, match=f"also changed lines of {there.number}"):
        undo_import(job.pk)

    assert {one.status for one in Agreement.objects.all()} == {AgreementStatus.DRAFT}


def test_an_import_that_drafted_nothing_offers_no_undoing(boss, client):
    by_a_worker(boss, *OF_A_YEAR)
    job = by_a_worker(boss, PRICED, f"{YEAR}|BOLT|CT|95|120|240")
    client.force_login(boss)

    assert "Undo" not in client.get(reverse("import_job", args=[job.pk])).content.decode()
    with pytest.raises(Refused, match="not taken back"):
        undo_import(job.pk)
