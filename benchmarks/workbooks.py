"""A workbook as spreadsheets save it: each text once, in a table that its cells point into, and numbers as numbers."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

Cells = tuple[str | int, ...]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'''<Types xmlns="{PACKAGE}/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>
        <Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KINDS}.worksheet+xml"/>
        <Override PartName="/xl/sharedStrings.xml" ContentType="{KINDS}.sharedStrings+xml"/></Types>''',
    "_rels/.rels": f'''<Relationships xmlns="{PACKAGE}/relationships">
        <Relationship Id="r1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>''',
    "xl/_rels/workbook.xml.rels": f'''<Relationships xmlns="{PACKAGE}/relationships">
        <Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>''',
    "xl/workbook.xml": f'''<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">
        <sheets><sheet name="Prices" sheetId="1" r:id="r1"/></sheets></workbook>''',
}


def write_xlsx(path: Path, rows: Sequence[Cells]) -> None:
    """Write rows of numbers, and of texts that need no escaping."""
    texts: dict[str, int] = {}
    sheet = "".join(_row(number, cells, texts) for number, cells in enumerate(rows, start=1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in PARTS.items():
            archive.writestr(name, part)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        )
        archive.writestr("xl/sharedStrings.xml", "".join(_table(texts)))


def _row(number: int, cells: Cells, texts: dict[str, int]) -> str:
    return f'<row r="{number}">{"".join(_cell(cell, texts) for cell in cells)}</row>'


def _cell(value: str | int, texts: dict[str, int]) -> str:
    if isinstance(value, str):
        return f'<c t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'
    return f"<c><v>{value}</v></c>"


def _table(texts: Iterable[str]) -> Iterator[str]:
    yield f'<sst xmlns="{MAIN}">'
    yield from (f"<si><t>{text}</t></si>" for text in texts)
    yield "</sst>"
