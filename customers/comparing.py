"""Two versions of a price list side by side. No database here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from oms.money import HUNDRED, round_half_up

MOST_JUMPS = 20


class Said(NamedTuple):
    """What a rule says; `reach` names its product or category. Rules with equal keys are compared."""

    reach: str
    unit: str
    min_quantity: int
    kind: str
    factor: Decimal  # the price, or what is left of or comes on to each hundred of what it is counted from
    words: str
    all: object  # equal when nothing differs


class Jump(NamedTuple):
    """A price that changes, by how many percent of the old one."""

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


def compared(old: Mapping[object, Said], new: Mapping[object, Said]) -> Comparison:
    """Return what becomes different when the rules `new` stand in place of the rules `old`."""
    both = old.keys() & new.keys()
    changed = [key for key in both if old[key].all != new[key].all]
    jumps = [_jump(old[key], new[key]) for key in changed if _comparable(old[key], new[key])]
    jumps.sort(key=lambda jump: (-abs(jump.percent), jump.reach, jump.unit, jump.min_quantity))
    return Comparison(
        new=len(new.keys() - both),
        changed=len(changed),
        gone=len(old.keys() - both),
        same=len(both) - len(changed),
        jumps=jumps[:MOST_JUMPS],
    )


def _comparable(old: Said, new: Said) -> bool:
    return old.kind == new.kind and bool(old.factor and new.factor)


def _jump(old: Said, new: Said) -> Jump:
    percent = round_half_up((new.factor - old.factor) * HUNDRED / old.factor, 1)
    return Jump(new.reach, new.unit, new.min_quantity, old.words, new.words, percent)
