"""Which bin to take what from. No database here."""

from collections.abc import Iterable
from dataclasses import dataclass

Row = tuple[int, int]  # product, warehouse


@dataclass(frozen=True, slots=True)
class Need:
    """`quantity` base units of a product are needed in a warehouse. `key` is the caller's."""

    key: int
    row: Row
    quantity: int


@dataclass(frozen=True, slots=True)
class FreeBin:
    """A bin and what no picker comes for of it. Bins come in walk order."""

    bin_id: int
    row: Row
    free: int


@dataclass(frozen=True, slots=True)
class Planned:
    """Take `quantity` out of a bin for a need."""

    key: int
    bin_id: int
    quantity: int


def plan_picks(needs: Iterable[Need], bins: Iterable[FreeBin]) -> tuple[list[Planned], list[Need]]:
    """Return the picks that serve the needs in bin order, and what no bin can serve."""
    left: dict[Row, list[list[int]]] = {}
    for bin_ in bins:
        left.setdefault(bin_.row, []).append([bin_.bin_id, bin_.free])
    planned: list[Planned] = []
    unserved: list[Need] = []
    for need in needs:
        missing = _take(need, left.get(need.row, []), planned)
        if missing:
            unserved.append(Need(need.key, need.row, missing))
    return planned, unserved


def _take(need: Need, bins: list[list[int]], planned: list[Planned]) -> int:
    """Plan a need from bins, which are used up as they go; return what is missing."""
    missing = need.quantity
    for bin_ in bins:
        taken = min(missing, bin_[1])
        if taken > 0:
            bin_[1] -= taken
            missing -= taken
            planned.append(Planned(need.key, bin_[0], taken))
        if not missing:
            break
    return missing
