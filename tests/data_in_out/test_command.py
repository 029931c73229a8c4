"""`manage.py import_data` for operators."""

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Product
from oms.importing.columns import columns_of
from oms.importing.resource import kinds
from tests.builders import a_user
from tests.data_in_out.files import KINDS, everything, table, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def anvils(tmp_path):
    path = tmp_path / "anvils.csv"
    path.write_bytes(table("sku|name", "A|Anvil"))
    return path


@pytest.mark.parametrize("kind", [*KINDS, "credit", "restricted-sales"])
def test_the_template_is_a_header_that_the_import_takes(kind, tmp_path, capsys):
    call_command("import_data", kind, "--template")

    header = capsys.readouterr().out.strip()
    (tmp_path / "template.csv").write_text(header)
    with pytest.raises(SystemExit):
        call_command("import_data", kind, str(tmp_path / "template.csv"))
    assert header.split(",") == kinds()[kind].header()
    assert "no row below" in capsys.readouterr().err


def test_counts_are_told_and_the_same_file_changes_nothing(anvils, capsys):
    call_command("import_data", "products", str(anvils))
    call_command("import_data", "products", str(anvils))

    out = capsys.readouterr().out
    assert "delimiter comma" in out
    assert "1 new, 0 changed, 0 same" in out
    assert "0 new, 0 changed, 1 same" in out


def test_a_dry_run_writes_nothing(anvils, capsys):
    call_command("import_data", "products", str(anvils), "--dry-run")

    assert "1 new" in capsys.readouterr().out
    assert not Product.objects.exists()


def test_a_bad_file_ends_with_code_1_and_every_problem(tmp_path, capsys):
    path = tmp_path / "bad.xlsx"
    path.write_bytes(workbook(["sku", "name", "cost"], ["A", "Anvil", "1,50"], ["B", None, 2]))
    before = everything()

    with pytest.raises(SystemExit) as ended:
        call_command("import_data", "products", str(path))

    errors = capsys.readouterr().err
    assert ended.value.code == 1
    assert "row 2, cost “1,50”: is not a number. Write it like 1234.50" in errors
    assert "row 3, name" in errors
    assert "2 problems" in errors
    assert everything() == before


def test_a_missing_file_an_unknown_kind_or_user_are_said(tmp_path, anvils):
    with pytest.raises(CommandError, match=r"There is no file .*none\.csv"):
        call_command("import_data", "products", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="or ask for the --template"):
        call_command("import_data", "products")
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("import_data", "prices", str(anvils))
    with pytest.raises(CommandError, match="no user nobody"):
        call_command("import_data", "products", str(anvils), "--as", "nobody")


def test_documents_name_who_imports(anvils):
    user = a_user(username="cat")
    call_command("import_data", "products", str(anvils), "--as", "cat")

    assert user.is_active
    assert Product.objects.get().sku == "A"


@pytest.mark.parametrize("kind", [*KINDS, "credit", "restricted-sales"])
def test_every_column_is_explained_in_the_docs(kind, settings):
    page = (settings.BASE_DIR / "docs" / "importing.md").read_text("utf-8")
    _before, part = page.split(f"\n## {kind}\n")

    for column in columns_of(kinds()[kind].row):
        needed = "yes" if column.required else ""
        assert f"| `{column.name}` | {needed} | {column.help} |" in part.split("\n## ")[0]
