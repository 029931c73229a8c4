"""A file of prices on its way in: checked by a worker, looked at, imported as new versions, and undone."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from customers.models import PriceList, PriceListVersion, PriceRule
from customers.services import price_saving
from customers.services.versions import draft_version, put_in_force
from oms.company import business_day
from oms.errors import IllegalMove, Refused
from oms.importing import progress, working
from oms.importing.jobs import (
    begin_import,
    cancel_import,
    check_again,
    choose_columns,
    confirm_import,
    undo_import,
)
from oms.importing.keeping import JOBS
from oms.importing.matching import keep_profile
from oms.importing.working import claim, tell_broken, work_on_one
from oms.models import ImportJob, ImportStatus
from oms.tasks import work_on_imports
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house, everything, table, workbook

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "price_list|sku|price"


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def boss():
    a_small_house()
    return a_boss()


def sent(by, *rows, name="prices.csv", kind="price-rules", content=None):
    content = content or table(*rows)
    return begin_import(kind, ContentFile(content, name), "", by=by)


def checked(by, *rows, **more):
    job = sent(by, *rows, **more)
    assert work_on_imports()
    job.refresh_from_db()
    return job


def imported(by, *rows, **more):
    job = checked(by, *rows, **more)
    confirm_import(job.pk)
    assert work_on_imports()
    job.refresh_from_db()
    return job


def prices(code="BASE"):
    """What the list says today."""
    rules = PriceRule.objects.valid_on(business_day()).filter(version__price_list__code=code)
    return {
        (sku, least): price
        for sku, least, price in rules.values_list("product__sku", "min_quantity", "price")
    }


def test_a_file_is_checked_shown_and_imported_as_a_new_version(boss):
    job = checked(boss, f"{HEADER}|min_quantity", "BASE|BOLT|13|1", "BASE|NUT|2|1", "BASE|BOLT|9|100")

    assert (job.status, job.counts) == (ImportStatus.CHECKED, (2, 1, 0))
    assert job.found["jumps"] == [[2, "BASE BOLT", "10", "13", "+30.0"]]
    assert prices() == {("BOLT", 1): 10}
    confirm_import(job.pk)
    work_on_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.IMPORTED
    assert prices() == {("BOLT", 1): 13, ("NUT", 1): 2, ("BOLT", 100): 9}
    one, two = PriceListVersion.objects.filter(price_list__code="BASE").order_by("number")
    assert (one.in_force_to, two.in_force_from, two.put_in_force_by, two.note) == (
        business_day(), business_day(), boss, "prices.csv",
    )  # fmt: skip
    assert not default_storage.exists(job.stored)


def test_undoing_returns_to_the_version_before(boss):
    job = imported(boss, f"{HEADER}|for_whom", "BASE|BOLT|13|", "NEW|NUT|2|customer:ACME")

    said = undo_import(job.pk)

    assert said == "These hold again: BASE v1, NEW v1."
    assert prices() == {("BOLT", 1): 10}
    assert prices("NEW") == {}
    assert not PriceList.objects.get(code="NEW").assignments.exists()
    with pytest.raises(IllegalMove):
        undo_import(job.pk)


def test_a_price_changed_since_the_import_is_not_undone_in_silence(boss):
    job = imported(boss, HEADER, "BASE|BOLT|13")
    PriceRule.objects.current().filter(version__price_list__code="BASE").update(price=14)

    with pytest.raises(Refused, match="BASE v2 have been changed since"):
        undo_import(job.pk)

    assert prices() == {("BOLT", 1): 14}


def test_a_list_edited_between_check_and_import_is_named(boss):
    job = checked(boss, HEADER, "BASE|NUT|2")
    PriceRule.objects.update(price=11)

    confirm_import(job.pk)
    work_on_imports()

    job.refresh_from_db()
    assert job.status == ImportStatus.REFUSED
    assert job.found["problems"][0][3] == "Somebody changed BASE since the file was checked."
    assert prices() == {("BOLT", 1): 11}
    check_again(job.pk)
    work_on_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.CHECKED


def test_a_version_put_in_force_between_check_and_import_is_noticed(boss):
    job = checked(boss, HEADER, "BASE|NUT|2")
    other = draft_version(PriceList.objects.get(code="BASE").pk, by=boss)
    put_in_force(other.pk, since=business_day(), by=boss)

    confirm_import(job.pk)
    work_on_imports()

    job.refresh_from_db()
    assert (job.status, PriceListVersion.objects.count()) == (ImportStatus.REFUSED, 2)


def test_a_draft_takes_the_file_in_and_is_not_put_in_force(boss):
    draft = draft_version(PriceList.objects.get(code="BASE").pk, by=boss)

    job = imported(boss, HEADER, "BASE|BOLT|13")

    assert job.found["notes"][-1] == "It went into BASE v2, which does not hold yet."
    assert prices() == {("BOLT", 1): 10}
    assert draft.rules.get().price == 13
    with pytest.raises(Refused, match="went into BASE v2"):
        undo_import(job.pk)


def test_cancelled_in_mid_check_nothing_stays(boss, tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 10)
    monkeypatch.setattr(working, "OFTEN", 0)
    job = sent(boss, HEADER, *[f"BASE|NUT|{n + 1}" for n in range(100)])
    before = {name: (n, h) for name, n, h in everything()}
    seen = []
    told = progress.tell

    def tell_and_cancel(step, done, total=0):
        if step == "reading" and done >= 50 and not seen:
            seen.append(done)
            cancel_import(job.pk)
        told(step, done, total)

    monkeypatch.setattr(progress, "tell", tell_and_cancel)
    work_on_imports()

    job.refresh_from_db()
    assert (seen, job.status) == ([50], ImportStatus.CANCELLED)
    after = {name: (n, h) for name, n, h in everything()}
    assert {name for name in after if after[name] != before[name]} == {'"oms_importjob"'}
    assert not list((tmp_path / JOBS).iterdir())


def test_cancelled_while_it_is_written_nothing_stays(boss, monkeypatch):
    job = checked(boss, HEADER, "BASE|BOLT|13")
    confirm_import(job.pk)
    settle = working._settle

    def cancelled_first(*args, **values):
        from concurrent.futures import ThreadPoolExecutor

        def cancel():
            cancel_import(job.pk)
            connection.close()

        with ThreadPoolExecutor(1) as pool:
            pool.submit(cancel).result()
        settle(*args, **values)

    monkeypatch.setattr(working, "_settle", cancelled_first)
    work_on_imports()

    job.refresh_from_db()
    assert (job.status, PriceListVersion.objects.count()) == (ImportStatus.CANCELLED, 1)
    assert prices() == {("BOLT", 1): 10}


def test_an_import_that_is_done_is_not_cancelled(boss):
    job = imported(boss, HEADER, "BASE|BOLT|13")

    with pytest.raises(IllegalMove):
        cancel_import(job.pk)


def test_what_a_killed_worker_held_is_taken_up_and_after_three_told_as_broken(boss):
    job = sent(boss, HEADER, "BASE|BOLT|13")
    assert claim() == job
    assert not work_on_one()  # the first worker still has it

    ImportJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert work_on_one()
    job.refresh_from_db()
    assert job.status == ImportStatus.CHECKED

    check_again(job.pk)
    for _killed in range(3):
        assert claim() == job
        ImportJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    tell_broken()
    job.refresh_from_db()
    assert job.status == ImportStatus.BROKEN
    assert "Three workers broke off" in job.said


def test_what_is_cut_off_while_it_is_written_leaves_nothing_and_is_done_by_the_next(boss, monkeypatch):
    job = checked(boss, f"{HEADER}|for_whom", "BASE|BOLT|13|", "NEW|NUT|2|everyone")
    confirm_import(job.pk)

    def cut_off(*_args, **_more):
        connection.connection.close()  # as the server finds it when a worker is killed

    with monkeypatch.context() as killed:
        killed.setattr(price_saving, "let_follow", cut_off)
        assert work_on_one()

    assert prices() == {("BOLT", 1): 10}
    assert not PriceList.objects.filter(code="NEW").exists()
    ImportJob.objects.update(leased_until=None)
    assert work_on_one()
    job.refresh_from_db()
    assert job.status == ImportStatus.IMPORTED
    assert prices() == {("BOLT", 1): 13}


def test_a_worker_that_was_given_up_for_dead_writes_nothing(boss, monkeypatch):
    """Two have the same import: the later one's word counts."""
    job = checked(boss, HEADER, "BASE|BOLT|13")
    confirm_import(job.pk)
    monkeypatch.setattr(working, "forget", lambda _stored: None)
    slow = claim()
    ImportJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert work_on_one()

    with pytest.raises(working.Cancelled):
        working._work(slow)

    assert PriceListVersion.objects.count() == 2
    job.refresh_from_db()
    assert job.status == ImportStatus.IMPORTED


def test_a_reader_that_breaks_is_tried_again_and_then_told(boss, monkeypatch):
    job = sent(boss, HEADER, "BASE|BOLT|13")
    monkeypatch.setattr(working, "_check", lambda *_args: 1 / 0)
    for _try in range(3):
        assert work_on_one()
        ImportJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))

    assert not work_on_one()
    job.refresh_from_db()
    assert job.status == ImportStatus.BROKEN


def test_with_the_broker_down_the_clock_takes_it(boss, settings, monkeypatch):
    from kombu.exceptions import OperationalError

    def down(*_args, **_more):
        raise OperationalError("no broker")

    monkeypatch.setattr("celery.current_app.send_task", down)
    job = sent(boss, HEADER, "BASE|BOLT|13")

    assert "oms.tasks.work_on_imports" in settings.CELERY_BEAT_SCHEDULE
    work_on_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.CHECKED


@pytest.mark.parametrize("whose", ["mine", "the company's"])
def test_columns_are_chosen_once_and_known_from_then_on(boss, whose):
    rows = ["List|Artikel|Preis netto|Bemerkung", "BASE|BOLT|13|-"]
    job = checked(boss, *rows)
    assert job.status == ImportStatus.COLUMNS
    columns = {"list": "price_list", "artikel": "sku", "preis netto": "price", "bemerkung": ""}

    choose_columns(job.pk, columns)
    keep_profile("price-rules", "Smith", columns, user=boss if whose == "mine" else None)
    work_on_imports()
    job.refresh_from_db()
    assert (job.status, job.counts) == (ImportStatus.CHECKED, (0, 1, 0))

    other = a_boss()
    assert checked(boss, *rows).status == ImportStatus.CHECKED
    wanted = ImportStatus.COLUMNS if whose == "mine" else ImportStatus.CHECKED
    assert checked(other, *rows).status == wanted


def test_columns_that_do_not_fit_are_refused_in_words(boss):
    job = checked(boss, "List|Artikel|Preis", "BASE|BOLT|13")

    for columns, said in [
        ({"list": "price_list", "artikel": "sku"}, "Say which column is price"),
        ({"list": "sku", "artikel": "sku", "preis": "price"}, "sku: choose it for one column only"),
        ({"list": "price_list", "artikel": "sku", "preis": "password"}, "Say which column is price"),
    ]:
        with pytest.raises(Refused, match=said):
            choose_columns(job.pk, columns)


def test_names_spaced_otherwise_need_no_profile(boss):
    job = checked(boss, "Price List|SKU|Price|Min Quantity", "BASE|BOLT|13|10")

    assert (job.status, job.counts) == (ImportStatus.CHECKED, (1, 0, 0))


def test_a_csv_comes_back_with_its_errors_and_in_again_once_it_is_mended(boss):
    job = checked(boss, f"{HEADER}|Unit", "BASE|=cmd()|1|", "BASE|BOLT|1,5|CT", "BASE|NUT|2|")

    assert (job.status, job.problems) == (ImportStatus.REFUSED, 2)
    lines = default_storage.open(job.errors).read().decode("utf-8-sig").splitlines()
    assert lines[0] == "price_list,sku,price,unit,error"
    assert lines[1].startswith("BASE,'=cmd(),1,,\"sku “=cmd()”: is not known.")
    assert lines[2].startswith('BASE,BOLT,"1,5",CT,"price “1,5”')
    assert lines[3] == "BASE,NUT,2,,"
    mended = "\n".join([lines[0], "BASE,BOLT,1.5,CT,was wrong", lines[3]])
    assert checked(boss, content=mended.encode()).counts == (2, 0, 0)


def test_a_workbook_comes_back_as_a_workbook_without_formulas(boss, tmp_path):
    from openpyxl import load_workbook

    content = workbook(
        ["price_list", "sku", "price"], ["BASE", "NONE", 1], ["BASE", "=1+1", 2], ["BASE", "NUT", 3]
    )
    job = checked(boss, content=content, name="prices.xlsx")

    assert (job.status, job.problems) == (ImportStatus.REFUSED, 2)
    rows = list(load_workbook(default_storage.open(job.errors)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == ["price_list", "sku", "price", "error"]
    assert "is not known" in rows[1][3].value
    assert (rows[2][1].value, rows[2][1].data_type) == ("'=1+1", "s")
    assert rows[3][3].value is None


def test_what_cannot_be_read_is_refused_and_not_given_back(boss):
    for content in (b"\0" * 50, b"PK\x03\x04 no archive"):
        job = checked(boss, content=content, name="x.xlsx")
        assert (job.status, job.errors) == (ImportStatus.REFUSED, "")


def test_other_kinds_come_in_the_same_way(boss):
    from inventory.models import Product

    job = imported(boss, "SKU|Name", "P1|Anvil", kind="products")

    assert job.status == ImportStatus.IMPORTED
    assert Product.objects.filter(sku="P1").exists()
    with pytest.raises(Refused, match="not taken back"):
        undo_import(job.pk)


def test_a_busy_house_is_asked_again(boss, monkeypatch):
    from oms.importing.problems import busy

    job = sent(boss, HEADER, "BASE|BOLT|13")

    def hold(*_args):
        raise busy("Somebody else", "later")

    with monkeypatch.context() as held:
        held.setattr(working, "_check", hold)
        assert work_on_one()
    job.refresh_from_db()
    assert (job.status, job.attempts) == (ImportStatus.WAITING, 0)
    ImportJob.objects.update(leased_until=None)
    work_on_imports()
    job.refresh_from_db()
    assert job.status == ImportStatus.CHECKED
