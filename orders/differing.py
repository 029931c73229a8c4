"""What differs between the lines of two versions. No database here."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A line as it was and as it is; one of them is None where it came or went."""

    old: Any | None
    new: Any | None

    @property
    def kind(self) -> Kind:
        if self.old is None:
            return Kind.ADDED
        if self.new is None:
            return Kind.REMOVED
        is_same = _terms(self.old) == _terms(self.new) and self.old.note == self.new.note
        return Kind.SAME if is_same else Kind.CHANGED

    @property
    def line(self) -> Any:
        return self.new or self.old

    @property
    def amount(self) -> Decimal:
        """How much more the line comes to."""
        amounts = [line.amount if line else Decimal(0) for line in (self.new, self.old)]
        return Decimal(amounts[0] - amounts[1])


def _terms(line: Any) -> Hashable:
    return line.product_id, line.unit_id, line.ordered, line.unit_price, line.discount_percent


def _in_unit(line: Any) -> Hashable:
    return line.product_id, line.unit_id


def _of_product(line: Any) -> Hashable:
    return (line.product_id,)


def differences(old: Sequence[Any], new: Sequence[Any]) -> list[Difference]:
    """Return all lines of two versions in pairs: the same terms first, else the same unit, else the same product.

    They stand as in the new version, what went behind the lines before it.
    """
    pairs: dict[int, int] = {}  # index of the new line: index of the old one
    for alike in (_terms, _in_unit, _of_product):
        _pair(old, new, pairs, alike)
    gone = [i for i in range(len(old)) if i not in set(pairs.values())]
    found = [
        (line.position, 1, Difference(old[pairs[i]] if i in pairs else None, line))
        for i, line in enumerate(new)
    ]
    found += [(old[i].position, 2, Difference(old[i], None)) for i in gone]
    return [difference for _position, _turn, difference in sorted(found, key=lambda one: one[:2])]


def _pair(
    old: Sequence[Any], new: Sequence[Any], pairs: dict[int, int], alike: Callable[[Any], Hashable]
) -> None:
    """Pair the lines that are alike and have no partner yet, in their order."""
    free: dict[Hashable, list[int]] = {}
    taken = set(pairs.values())
    for i, line in enumerate(old):
        if i not in taken:
            free.setdefault(alike(line), []).append(i)
    for i, line in enumerate(new):
        if i not in pairs and (partners := free.get(alike(line))):
            pairs[i] = partners.pop(0)
