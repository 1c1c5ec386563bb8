"""Rows as CSV that a spreadsheet can open without running anything."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

# A spreadsheet takes a cell that begins like this for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """A header and one line for each row; no cell can be taken for a formula. Without rows: the columns' header."""
    table = [dict(row) for row in rows]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(list(table[0]) if table else list(columns))
    writer.writerows([_cell(value) for value in row.values()] for row in table)
    return out.getvalue()


def as_plain(value: Any) -> Any:
    """A value as files hold it: instants in ISO 8601, what is neither number nor truth value as text."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _cell(value: Any) -> str:
    # Readers of CSV take a lone carriage return for the end of the line.
    text = "" if value is None else str(as_plain(value)).replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.startswith(_FORMULA) else text
