"""What two versions of a price list differ by. No database here."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

MOST_JUMPS = 20


class Jump(NamedTuple):
    """A price that changes, by how many percent of the old one; `reach` names its product or category."""

    reach: str
    unit: str
    min_quantity: int
    old: str
    new: str
    percent: Decimal


@dataclass(slots=True)
class Comparison:
    """How many rules are new, changed, gone and the same, and the biggest jumps of prices."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    same: int = 0
    jumps: list[Jump] = field(default_factory=list)
    before: str = ""  # with what it is compared
