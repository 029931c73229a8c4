"""A kind of file: its columns, what a file of it changes, and how it is written out again.

Each app declares its kinds in `resources.py`. Reading, preview and export are the same for all; checking and
writing are services of the app, in sets, and all of a file is written or nothing.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import tablib
from django.db import DataError, IntegrityError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Resource
from psycopg import errors

from oms.errors import Refused
from oms.gathering import gather
from oms.importing.columns import LEFT_OUT, Column, Row, Words, columns_of, read_rows
from oms.importing.plans import Change, Jump, Plan, Source, State
from oms.importing.problems import FileRefused, Problems, busy, refuse
from oms.importing.sheets import Sheet, fingerprint, open_sheet
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
    jumped: int = 0
    jumps: Sequence[Jump] = ()
    basis: Mapping[str, str] = field(default_factory=dict)  # what the plan builds on, by name
    made: Mapping[str, Any] = field(default_factory=dict)  # what undoing it takes back

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
    columns: Mapping[str, str] = field(default_factory=dict)  # ours, by the file's own headers
    opened: Sheet | None = None  # by whoever has looked at its header; its rows are there once

    def open(self, known: frozenset[str]) -> Sheet:
        """Open the file under our own names of its columns. Raise FileRefused for what cannot be read."""
        name = self.name or self.path.name
        sheet = self.opened or open_sheet(self.path, known=known, encoding=self.encoding, name=name)
        ours = {name: column or LEFT_OUT for name, column in self.columns.items()}
        sheet.header = [ours.get(one, one) for one in sheet.header]
        return sheet

    def source(self, by: User | None) -> Source:
        return Source(clean(self.name or self.path.name)[:200], fingerprint(self.path), by)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a preview has shown: how many rows are new, changed and the same, and what that builds on."""

    counts: tuple[int, ...]
    basis: Mapping[str, str] | None = None

    def require(self, outcome: Outcome) -> None:
        """Raise FileRefused when the file would do anything else now."""
        changed = sorted(
            name for name in outcome.basis if self.basis and self.basis.get(name) != outcome.basis[name]
        )
        if changed:
            rule = _("Somebody changed %(names)s since the file was checked.") % {"names": ", ".join(changed)}
            raise refuse(rule, _("Check the file again."))
        if self.counts != outcome.counts:
            raise refuse(_("The data have changed since the preview."), _("Look the file through again."))


class SheetResource(Resource):  # type: ignore[misc]
    """One kind of file. `once` means that a file tells what was true at a moment, so it is done only once."""

    kind: ClassVar[str]
    row: ClassVar[type[Row]]
    model: ClassVar[type[models.Model]]
    may_import: ClassVar[tuple[str, ...]] = ()  # all of them
    may_export: ClassVar[str] = ""  # beside the right to see the rows
    once: ClassVar[bool] = False
    in_background: ClassVar[bool] = False  # whatever its size; large files of other kinds are, too
    undo_words: ClassVar[Words] = ""  # what its undoing does

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

    def save(self, plan: Any, source: Source) -> Mapping[str, Any] | None:
        """Write a plan without problems; return what `undo` takes back, where it can be."""
        raise NotImplementedError

    def basis(self, _plan: Any) -> Mapping[str, str]:
        """Return, by the name of each document that a plan changes, what is another when that document is."""
        return {}

    @classmethod
    def can_undo(cls, _made: Mapping[str, Any]) -> bool:
        """Whether an import that made this can be taken back as far as one sees."""
        return False

    def undo(self, _made: Mapping[str, Any]) -> str:
        """Take back what `save` made; return what is so again. Raise Refused."""
        raise Refused(_("What files of this kind have changed is not taken back."))

    def table(self, queryset: Any) -> Iterator[Sequence[Any]]:
        """Yield the cells of each row that stands for these objects, in the order of the columns."""
        raise NotImplementedError

    def import_data(self, *_args: Any, **_kwargs: Any) -> Any:
        """Refuse the library's own way in: it reads what nobody has looked through, row by row."""
        raise NotImplementedError("Files come in through import_file.")

    @classmethod
    def columns(cls) -> list[Column]:
        return columns_of(cls.row)

    @classmethod
    def header(cls) -> list[str]:
        return [column.name for column in columns_of(cls.row)]

    def import_file(
        self,
        upload: Upload,
        *,
        by: User | None = None,
        expected: Expected | None = None,
        then: Callable[[Outcome], None] | None = None,
    ) -> Outcome:
        """Import a file: all of it, or nothing and FileRefused with every problem.

        Anything but what a preview `expected` is refused. `then` is done in the same transaction.
        """
        return self._run(upload, by, write=True, expected=expected, then=then)

    def preview(self, upload: Upload, *, by: User | None = None) -> Outcome:
        """Return what importing a file would do. Nothing is written; raise FileRefused as the import would."""
        return self._run(upload, by, write=False)

    def _run(
        self,
        upload: Upload,
        by: User | None,
        *,
        write: bool,
        expected: Expected | None = None,
        then: Callable[[Outcome], None] | None = None,
    ) -> Outcome:
        source = upload.source(by)
        problems = Problems()
        sheet = upload.open(frozenset(self.header()))
        rows = read_rows(self.row, sheet, problems)  # before the transaction, which is to be short
        with told_in_words(), transaction.atomic():
            take_turns(self.kind)
            done = None if upload.again else self._done_before(source)
            outcome, plan = (done, None) if done else self._planned(rows, problems, sheet.notes, source)
            if expected is not None:
                expected.require(outcome)
            if write and plan is not None:
                outcome = self._saved(outcome, plan, source)
            if then is not None:
                then(outcome)
            return outcome

    def _planned(
        self, rows: Sequence[Any], problems: Problems, notes: Sequence[str], source: Source
    ) -> tuple[Outcome, Any]:
        plan = self.check(rows, problems, by=source.by)
        if problems:
            raise FileRefused(problems.listed(), problems.total, problems.bad_rows)
        return outcome_of(self.kind, plan, notes, self.basis(plan)), plan

    def _saved(self, outcome: Outcome, plan: Any, source: Source) -> Outcome:
        made = self.save(plan, source) or {}
        if self.once or outcome.new or outcome.changed:
            log(outcome, source)
        return replace(outcome, made=made, notes=[*outcome.notes, *made.get("notes", ())])

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


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn what the database refuses at the last moment into a refusal of the file."""
    try:
        yield
    except IntegrityError as error:
        rule = _("Somebody changed the same data while the file was read.")
        raise refuse(rule, _("Import the file again.")) from error
    except OperationalError as error:
        if not isinstance(error.__cause__, BUSY):
            raise
        rule = _("Somebody else is changing the same data, or importing the same kind of file.")
        raise busy(rule, _("Try again in a moment.")) from error
    except DataError as error:
        raise refuse(
            _("A number is larger than can be stored."), _("Look for amounts that are far off.")
        ) from error


def outcome_of(kind: str, plan: Plan, notes: Sequence[str], basis: Mapping[str, str]) -> Outcome:
    counts = plan.counts
    return Outcome(
        kind,
        counts[State.NEW],
        counts[State.CHANGED],
        counts[State.SAME],
        [*notes, *plan.notes],
        plan.changes,
        plan.jumped,
        sorted(plan.jumps, reverse=True),
        basis,
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
    gather("resources")
    return dict(sorted(KINDS.items()))
