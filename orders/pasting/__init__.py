"""What was pasted is understood here: cells, columns, numbers, rows. No database."""

from orders.pasting.cells import DITTO, LONGEST_PASTE, MOST_ROWS, Table, require_few, split
from orders.pasting.columns import Layout, Role, Wish
from orders.pasting.readings import Part, PastedRow, Reading
from orders.pasting.rows import Pasted, recognise, shape_of

__all__ = [
    "DITTO",
    "LONGEST_PASTE",
    "MOST_ROWS",
    "Layout",
    "Part",
    "Pasted",
    "PastedRow",
    "Reading",
    "Role",
    "Table",
    "Wish",
    "recognise",
    "require_few",
    "shape_of",
    "split",
]
