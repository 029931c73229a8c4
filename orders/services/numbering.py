"""The lines of a draft are numbered without gaps when it goes out; from then on their numbers are on papers."""

from typing import Any

from oms.sets import set_in_rows
from orders.models import Order, Quote


def number_lines(document: Order | Quote, lines: Any) -> None:
    """Number these lines of a draft from 1 on, in the order in which they stand; nothing is written without a gap.

    On the pad a line that goes leaves its place free, so that taking it back puts it there again. A document that
    nobody has edited since it was entered has no gaps, and costs no statement.
    """
    if not document.revision:
        return
    standing = lines.order_by("position").values_list("pk", "position")
    moved = {pk: n for n, (pk, position) in enumerate(standing, start=1) if position != n}
    if moved:
        set_in_rows(lines.model, list(moved), position=list(moved.values()))
