"""Two people change the same list at once: each version follows the one that was looked at, or is refused."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from customers.models import PriceList, PriceListVersion
from customers.services.versions import draft_version, put_in_force
from customers.status import VersionStatus
from oms.company import business_day
from oms.errors import Refused
from oms.importing import working
from oms.importing.jobs import begin_import, cancel_import, confirm_import
from oms.importing.working import work_on_one
from oms.models import ImportJob, ImportStatus
from oms.snapshots import snapshot
from oms.verify import breaches
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house, table

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture(autouse=True)
def house(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    a_small_house()


def checked(price):
    job = begin_import(
        "price-rules",
        ContentFile(table("price_list|sku|price", f"BASE|BOLT|{price}"), "p.csv"),
        "",
        by=a_boss(),
    )
    assert work_on_one()
    return job


def at_once(*acts):
    start = Barrier(len(acts))

    def one(act):
        start.wait()
        try:
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def ends():
    return sorted(ImportJob.objects.values_list("status", flat=True))


def in_force():
    return PriceListVersion.objects.filter(
        price_list__code="BASE", status=VersionStatus.IN_FORCE, in_force_to=None
    )


def work_all():
    while work_on_one():
        ImportJob.objects.filter(status__in=ImportJob.WORKED).update(leased_until=None)


def test_of_two_files_that_were_checked_against_the_same_version_one_is_imported():
    for job in [checked(13), checked(14)]:
        confirm_import(job.pk)

    at_once(work_on_one, work_on_one)
    ImportJob.objects.filter(status__in=ImportJob.WORKED).update(leased_until=None)
    work_all()

    assert ends() == [ImportStatus.IMPORTED, ImportStatus.REFUSED]
    assert in_force().get().number == 2
    with snapshot():
        assert not list(breaches())


def test_a_version_put_in_force_at_the_same_moment_is_followed_or_wins(monkeypatch):
    """Without the look at the basis of the check, both would hold and one person would not know what the other did."""
    job = checked(13)
    confirm_import(job.pk)
    price_list = PriceList.objects.get(code="BASE")

    def by_hand():
        return put_in_force(draft_version(price_list.pk, by=None).pk, since=business_day(), by=None)

    at_once(work_on_one, by_hand)
    ImportJob.objects.filter(status__in=ImportJob.WORKED).update(leased_until=None)
    work_all()

    assert ends() in ([ImportStatus.IMPORTED], [ImportStatus.REFUSED])
    assert in_force().count() == 1
    with snapshot():
        assert not list(breaches())


def test_cancelled_or_imported_never_both():
    job = checked(13)
    confirm_import(job.pk)

    at_once(work_on_one, lambda: cancel_import(job.pk))
    work_all()

    made = PriceListVersion.objects.count() - 1
    assert (ends(), made) in (([ImportStatus.IMPORTED], 1), ([ImportStatus.CANCELLED], 0))


def test_without_the_fence_a_cancelled_import_would_be_written(monkeypatch):
    """The control: a worker that does not ask whether the job is still its own writes what was given up."""
    job = checked(13)
    confirm_import(job.pk)

    def unfenced(one, status, **values):
        cancel_import(one.pk) if one.status == ImportStatus.CONFIRMED else None

    monkeypatch.setattr(working, "_settle", unfenced)
    work_on_one()

    job.refresh_from_db()
    assert (job.status, PriceListVersion.objects.count()) == (ImportStatus.CANCELLED, 2)
