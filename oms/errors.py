"""Why we say no. Every refusal is a sentence for the person who asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _


class Refused(Exception):
    """A change was not made; nothing was left behind.

    The text names the document, the row, the value and the remedy. `code` is stable for machines. `at` names the value
    that was given and is refused, where it is one: it stands at the field of that name.
    """

    code = "refused"
    at = ""


class IllegalMove(Refused):
    """A document's life has no such step."""

    code = "illegal_move"

    def __init__(self, number: str, status: str, wanted: str) -> None:
        super().__init__(
            _("%(number)s is %(status)s and cannot become %(wanted)s. Reload the page to see its next steps.")
            % {"number": number, "status": status, "wanted": wanted}
        )


class NotAllowed(Refused):
    """The person may see the document but may not do this to it."""

    code = "not_allowed"


class Stale(Refused):
    """Somebody changed the document after it was read."""

    code = "stale"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where it stands and what would put it right.

    `at` is what a page finds the place by: the name of a field, or the position of a line.
    """

    where: str
    what: str
    at: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class Incomplete(Refused):
    """A document cannot go on; every problem is listed at once."""

    code = "incomplete"

    def __init__(self, number: str, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        self.heading = _("%(number)s is not complete.") % {"number": number}
        super().__init__(" ".join([self.heading, *map(str, self.problems)]))


class Busy(Refused):
    """Somebody else held what was needed for too long; the same request may succeed in a moment."""

    code = "busy"


# SQLSTATE of waiting in vain, of deadlock and of failed serialization; of a statement that took too long.
CONTENTION = frozenset({"55P03", "40P01", "40001"})
TOO_SLOW = "57014"


def state_of(error: Exception) -> str | None:
    """Return PostgreSQL's code for what went wrong, as the driver told it."""
    return getattr(error.__cause__, "sqlstate", None)
