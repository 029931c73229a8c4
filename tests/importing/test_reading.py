"""A workbook is read no oftener than it must be."""

import pytest
from django.core.files.base import ContentFile

from benchmarks.workbooks import write_xlsx
from oms.importing import xlsx_sheets
from oms.importing.jobs import begin_import, confirm_import
from oms.models import ImportStatus
from oms.tasks import work_on_imports
from tests.builders import a_boss
from tests.data_in_out.files import a_small_house

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    a_small_house()
    return a_boss()


@pytest.mark.parametrize("step", ["check", "import"])
def test_a_workbook_is_read_once_for_each_step(boss, tmp_path, monkeypatch, step):
    """Opening it takes as long as checking its rows; a sheet that says nothing of its size was read twice."""
    write_xlsx(tmp_path / "book", [("price_list", "sku", "price"), ("BASE", "BOLT", 13), ("BASE", "NUT", 2)])
    job = begin_import("price-rules", ContentFile((tmp_path / "book").read_bytes(), "book.xlsx"), "", by=boss)
    if step == "import":
        work_on_imports()
        confirm_import(job.pk)
    read = []
    texts, source = xlsx_sheets._texts, xlsx_sheets.UnmeasuredSheet._get_source
    monkeypatch.setattr(xlsx_sheets, "_texts", lambda table: read.append("texts") or texts(table))
    monkeypatch.setattr(
        xlsx_sheets.UnmeasuredSheet, "_get_source", lambda sheet: read.append("rows") or source(sheet)
    )

    assert work_on_imports()

    job.refresh_from_db()
    assert job.status == (ImportStatus.IMPORTED if step == "import" else ImportStatus.CHECKED)
    assert sorted(read) == ["rows", "texts"]
