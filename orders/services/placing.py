"""Where the lines of a draft stand: those added get a place, those moved another one."""

from collections.abc import Mapping, Sequence
from itertools import count

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from inventory.errors import BadQuantity
from oms.errors import Stale
from oms.sets import set_in_rows
from orders.moving import Move, places_after
from orders.services.capturing import MOST_LINES
from orders.services.sheets import Sheet


def positions_for(sheet: Sheet, adding: int, places: Mapping[int, int]) -> list[int]:
    """Return the positions of lines that are added: those in `places` while they are free, else behind all others."""
    first = next_position(sheet, adding)
    wanted = {place for place in places.values() if 0 < place < first}
    taken = sheet.lines.filter(position__in=wanted).values_list("position", flat=True) if wanted else ()
    free = wanted.difference(taken)
    behind, found = count(first), []
    for index in range(adding):
        place = places.get(index, 0)
        found.append(place if place in free else next(behind))
        free.discard(place)
    return found


def next_position(sheet: Sheet, adding: int) -> int:
    """Return the first position behind all lines; raise BadQuantity when so many more are too many."""
    there = sheet.lines.aggregate(last=Max("position", default=0), n=Count("pk"))
    if there["n"] + adding > MOST_LINES:
        raise BadQuantity(_("%(n)s lines are too many; split the document.") % {"n": there["n"] + adding})
    return int(there["last"]) + 1


def move_lines(sheet: Sheet, moves: Sequence[Move]) -> set[int]:
    """Move lines of a draft to other places, at the prices they have; return the products of all that moved.

    Raise Stale when one of them is no longer there.
    """
    if not moves:
        return set()
    rows = list(sheet.lines.values_list("pk", "position", "product_id"))
    standing = {pk: position for pk, position, _product in rows}
    if any(move.line not in standing for move in moves):
        raise Stale(_("A line that you moved is no longer there; look at the document again."))
    changed = places_after(standing, moves)
    set_in_rows(sheet.lines.model, list(changed), position=list(changed.values()))
    return {product for pk, _position, product in rows if pk in changed}
