"""Rows as a table on the terminal."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

COLUMNS = (
    "name", "size", "workers", "ms", "ms_min", "ms_max", "statements", "limit_ms", "ratio", "failed", "peak_mb", "p95",
    "check_ms",
)  # fmt: skip


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Print the rows; names stand left, numbers right, and what is not known is a dash."""
    cells = [columns, *([str(row.get(column, "-")) for column in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    for first, *others in cells:
        numbers = [f"{cell:>{width}}" for cell, width in zip(others, widths[1:], strict=True)]
        sys.stdout.write("  ".join([f"{first:<{widths[0]}}", *numbers]) + "\n")
