"""What was pasted is understood here: cells, columns, numbers, rows. No database."""

from orders.pasting.cells import LONGEST_PASTE, MOST_ROWS, Table, split
from orders.pasting.columns import Layout, Role, Wish
from orders.pasting.rows import Pasted, PastedRow, Reading, recognise, shape_of

__all__ = [
    "LONGEST_PASTE",
    "MOST_ROWS",
    "Layout",
    "Pasted",
    "PastedRow",
    "Reading",
    "Role",
    "Table",
    "Wish",
    "recognise",
    "shape_of",
    "split",
]
