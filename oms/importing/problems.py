"""What is wrong with a file: every problem with its row, column, value, rule and remedy."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oms.errors import Refused

MOST_LISTED = 1_000
LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `row` counts as a spreadsheet does, the header being row 1; 0 is the whole file."""

    row: int
    column: str
    value: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        place = [_("row %(row)s") % {"row": self.row}] if self.row else []
        place += [self.column] if self.column else []
        where = ", ".join(place)
        value = f" “{self.value}”" if self.value else ""
        return f"{where}{value}: {self.rule} {self.remedy}".strip(": ").strip()


class Problems:
    """The problems found so far: all of them counted, the first thousand kept."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.total = 0
        self.bad_rows: set[int] = set()
        self.unread: set[tuple[int, str]] = set()
        self.unread_rows: set[int] = set()

    def __bool__(self) -> bool:
        return self.total > 0

    def add(self, row: int, column: str, value: object, rule: str, remedy: str = "") -> None:
        """Note a problem, unless it is about a cell that could not be read."""
        if (row, column) in self.unread:
            return
        self.total += 1
        self.bad_rows.add(row)
        if len(self.kept) < MOST_LISTED:
            self.kept.append(Problem(row, column, shown(value), rule, remedy))

    def add_unread(self, row: int, column: str, value: object, rule: str, remedy: str) -> None:
        """Note a cell that cannot be read; nothing else is said about it."""
        self.add(row, column, value, rule, remedy)
        self.unread.add((row, column))
        self.unread_rows.add(row)

    def was_read(self, row: int, column: str) -> bool:
        """Whether a cell says what its row says it does."""
        return (row, column) not in self.unread

    def all_read(self, row: int) -> bool:
        """Whether every cell of a row could be read."""
        return row not in self.unread_rows

    def listed(self) -> list[Problem]:
        """Return what was kept, in the order of the file."""
        return sorted(self.kept, key=lambda problem: problem.row)


def shown(value: object) -> str:
    """Return a value as a message may show it: short, on one line, nothing invisible."""
    text = "" if value is None else str(value)[: LONGEST_VALUE + 1]
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return printable if len(printable) <= LONGEST_VALUE else printable[: LONGEST_VALUE - 1] + "…"


class FileRefused(Refused):
    """A file was not imported; nothing was written. `problems` lists why, `bad_rows` are all that have one."""

    code = "file_refused"

    def __init__(self, problems: Iterable[Problem], total: int, bad_rows: Iterable[int] = ()) -> None:
        self.problems = list(problems)
        self.total = total
        self.bad_rows = frozenset(bad_rows)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{self.summary()}\n{lines}")

    def summary(self) -> str:
        """Say in a sentence how much is wrong."""
        text = ngettext(
            "%(n)s problem; nothing was imported.", "%(n)s problems; nothing was imported.", self.total
        )
        summary = text % {"n": self.total}
        if self.total > len(self.problems):
            summary += " " + _("The first %(n)s are listed.") % {"n": len(self.problems)}
        return summary


class FileBusy(FileRefused):
    """Somebody else holds what the file needs; the same file may be taken in a moment."""

    code = "busy"


def refuse(rule: str, remedy: str = "", *, row: int = 0, column: str = "", value: object = "") -> FileRefused:
    """Return the refusal of a file for one reason."""
    return FileRefused([Problem(row, column, shown(value), rule, remedy)], 1, [row] if row else [])


def busy(rule: str, remedy: str) -> FileBusy:
    """Return the refusal of a file that may be taken in a moment."""
    return FileBusy([Problem(0, "", "", rule, remedy)], 1)
