"""Where lines stand once some of them are moved. No database here."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Move(NamedTuple):
    """A line and the place it gets, or with `below` the line that it gets right under."""

    line: int
    to: int
    below: bool = False


def places_after(standing: Mapping[int, int], moves: Iterable[Move]) -> dict[int, int]:
    """Return the lines that stand elsewhere after the moves, made one after the other, with their new places.

    The line takes the place and those between move up by one: no place comes or goes, so gaps stay gaps. Where nobody
    stands at the place wanted, the nearest one on the way there is taken; below a line that is gone it stays.
    """
    order = sorted(standing, key=standing.__getitem__)
    places = sorted(standing.values())
    for line, wanted, below in moves:
        index = order.index(line)
        to = _below(order, index, wanted) if below else _at(places, index, wanted)
        order.insert(to, order.pop(index))
    return {line: place for line, place in zip(order, places, strict=True) if standing[line] != place}


def _at(places: list[int], index: int, wanted: int) -> int:
    upwards = wanted <= places[index]
    return bisect_left(places, wanted) if upwards else bisect_right(places, wanted) - 1


def _below(order: list[int], index: int, other: int) -> int:
    if other not in order:
        return index
    above = order.index(other)
    return above + 1 if above < index else above
