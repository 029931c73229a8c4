"""A kind of file: its columns, what a file of it changes, and how it is written out again.

Each app declares its kinds in `resources.py`. Reading, preview and export are the same for all; checking and
writing are services of the app, in sets, and all of a file is written or nothing.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import tablib
from django.db import DataError, IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Resource
from psycopg import errors

from oms.importing.columns import Row, columns_of, read_rows
from oms.importing.plans import Change, Plan, Source, State
from oms.importing.problems import FileRefused, Problems, refuse
from oms.importing.sheets import fingerprint, open_sheet
from oms.models import ImportedFile, User
from oms.text import clean

BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)

KINDS: dict[str, type["SheetResource"]] = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do."""

    kind: str
    new: int
    changed: int
    same: int
    notes: Sequence[str] = ()
    changes: Sequence[Change] = ()

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.new, self.changed, self.same


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be imported, and what its sender declared about it."""

    path: Path
    name: str = ""
    encoding: str = ""
    again: bool = False

    def source(self, by: User | None) -> Source:
        return Source(clean(self.name or self.path.name)[:200], fingerprint(self.path), by)


class SheetResource(Resource):  # type: ignore[misc]
    """One kind of file. `once` means that a file tells what was true at a moment, so it is done only once."""

    kind: ClassVar[str]
    row: ClassVar[type[Row]]
    model: ClassVar[type[models.Model]]
    may_import: ClassVar[tuple[str, ...]] = ()  # all of them
    may_export: ClassVar[str] = ""  # beside the right to see the rows
    once: ClassVar[bool] = False

    def __init__(self, by: User | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by

    def shows(self, permission: str) -> bool:
        """Whether whoever exports may see what this permission guards; the operator sees everything."""
        return self.by is None or bool(self.by.has_perm(permission))

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        KINDS[cls.kind] = cls
        for column in columns_of(cls.row):
            cls.fields[column.name] = Field(attribute=column.name, column_name=column.name)

    @classmethod
    def get_display_name(cls) -> str:
        return str(cls.model._meta.verbose_name_plural)

    def check(self, rows: Sequence[Any], problems: Problems, *, by: User | None) -> Any:
        """Return the plan of these rows, noting what is wrong with them. Writes nothing."""
        raise NotImplementedError

    def save(self, plan: Any, source: Source) -> None:
        """Write a plan without problems."""
        raise NotImplementedError

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        """Yield the cells of each row that stands for these objects, in the order of the columns."""
        raise NotImplementedError

    def import_data(self, *_args: Any, **_kwargs: Any) -> Any:
        """Refuse the library's own way in: it reads what nobody has looked through, row by row."""
        raise NotImplementedError("Files come in through import_file.")

    @classmethod
    def header(cls) -> list[str]:
        return [column.name for column in columns_of(cls.row)]

    def import_file(
        self, upload: Upload, *, by: User | None = None, expected: tuple[int, ...] | None = None
    ) -> Outcome:
        """Import a file: all of it, or nothing and FileRefused with every problem.

        `expected` is what a preview counted as new, changed and same; anything else is refused.
        """
        return self._run(upload, by, write=True, expected=expected)

    def preview(self, upload: Upload, *, by: User | None = None) -> Outcome:
        """Return what importing a file would do. Nothing is written; raise FileRefused as the import would."""
        return self._run(upload, by, write=False)

    def _run(
        self, upload: Upload, by: User | None, *, write: bool, expected: tuple[int, ...] | None = None
    ) -> Outcome:
        source = upload.source(by)
        try:
            with transaction.atomic():
                take_turns(self.kind)
                outcome = None if upload.again else self._done_before(source)
                outcome = outcome or self._do(upload, source, write=write)
                if expected not in (None, outcome.counts):
                    raise refuse(
                        _("The data have changed since the preview."), _("Look the file through again.")
                    )
                return outcome
        except IntegrityError as error:
            rule = _("Somebody changed the same data while the file was read.")
            raise refuse(rule, _("Import the file again.")) from error
        except OperationalError as error:
            if not isinstance(error.__cause__, BUSY):
                raise
            rule = _("Somebody else is changing the same data, or importing the same kind of file.")
            raise refuse(rule, _("Try again in a moment.")) from error
        except DataError as error:
            raise refuse(
                _("A number is larger than can be stored."), _("Look for amounts that are far off.")
            ) from error

    def _do(self, upload: Upload, source: Source, *, write: bool) -> Outcome:
        problems = Problems()
        known = frozenset(self.header())
        name = upload.name or upload.path.name
        sheet = open_sheet(upload.path, known=known, encoding=upload.encoding, name=name)
        rows = read_rows(self.row, sheet, problems)
        plan = self.check(rows, problems, by=source.by)
        if problems:
            raise FileRefused(problems.listed(), problems.total)
        outcome = outcome_of(self.kind, plan, sheet.notes)
        if write:
            self.save(plan, source)
        if write and (self.once or outcome.new or outcome.changed):
            log(outcome, source)
        return outcome

    def _done_before(self, source: Source) -> Outcome | None:
        if not self.once:
            return None
        before = ImportedFile.objects.filter(kind=self.kind, sha256=source.sha256).last()
        if before is None:
            return None
        at = date_format(timezone.localtime(before.at), "DATETIME_FORMAT")
        note = _("This file was imported on %(at)s; nothing was done. Say so when it shall be done again.")
        return Outcome(self.kind, 0, 0, before.new + before.changed + before.same, [note % {"at": at}])

    def export(self, queryset: Any = None, **_kwargs: Any) -> tablib.Dataset:
        """Return the rows that stand for these objects as a data set of the template's columns."""
        rows = self.table(self.model._default_manager.all() if queryset is None else queryset)
        return tablib.Dataset(*rows, headers=self.header())


def outcome_of(kind: str, plan: Plan, notes: Sequence[str]) -> Outcome:
    counts = plan.counts
    return Outcome(
        kind,
        counts[State.NEW],
        counts[State.CHANGED],
        counts[State.SAME],
        [*notes, *plan.notes],
        plan.changes,
    )


def log(outcome: Outcome, source: Source) -> None:
    """Remember that a file was imported, by whom, and what it did."""
    ImportedFile.objects.create(
        kind=outcome.kind,
        name=source.name,
        sha256=source.sha256,
        new=outcome.new,
        changed=outcome.changed,
        same=outcome.same,
        by=source.by,
    )


def take_turns(kind: str) -> None:
    """Wait until nobody else imports this kind; the caller's transaction holds the turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, %s)", [7_300, zlib.crc32(kind.encode()) & 0x7FFF_FFFF]
        )


def kinds() -> dict[str, type[SheetResource]]:
    """Return the kinds of files that the apps declare, by name."""
    autodiscover_modules("resources")
    return dict(sorted(KINDS.items()))
