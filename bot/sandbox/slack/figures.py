"""Rules of tables and charts: https://docs.slack.dev/reference/block-kit/blocks. Each takes the block and its place."""

from collections import Counter
from math import isfinite
from typing import Any

from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.elements import IN_CELL, check_element
from bot.sandbox.slack.rich_text import check_rich_text
from bot.sandbox.slack.wire import Json, is_list, is_object, object_in

MOST_ROWS, MOST_COLUMNS = 100, 20
# Slices and series; what stands under an axis.
MOST_PARTS, MOST_CATEGORIES = 6, 20
CHARTS = ("pie", "bar", "area", "line")
_IN_TABLE = ("raw_text", "raw_number", "rich_text")


def check_table(found: Complaints, block: Json, pointer: str) -> None:
    """Rows of cells, which need not be of one length."""
    found.unknown(block, pointer, ("type", "block_id", "rows", "column_settings"))
    _rows(found, block, pointer, least=1, most=MOST_ROWS, kinds=_IN_TABLE)
    settings = block.get("column_settings")
    if settings is not None and (not is_list(settings) or len(settings) > MOST_COLUMNS):
        found.add(f"{pointer}/column_settings", f"no more than {MOST_COLUMNS} items allowed")
    for index, setting in enumerate(settings if is_list(settings) else []):
        found.one_of(
            object_in(setting), "align", f"{pointer}/column_settings/{index}", ("left", "center", "right")
        )


def check_data_table(found: Complaints, block: Json, pointer: str) -> None:
    """A header and rows of the same length, each with the name of its row."""
    known = ("type", "block_id", "rows", "caption", "page_size", "row_header_column_index")
    found.unknown(block, pointer, known)
    found.string(block, "caption", pointer, most=3000, least=1, needed=True)
    found.number(block, "page_size", pointer, least=1, most=100)
    rows = _rows(found, block, pointer, least=2, most=MOST_ROWS + 1, kinds=(*_IN_TABLE, "action"))
    if len({len(row) for row in rows}) > 1:
        found.add(f"{pointer}/rows", "all rows must have the same number of cells")
    if rows and any(object_in(cell).get("type") not in ("raw_text", "raw_number") for cell in rows[0]):
        found.add(f"{pointer}/rows/0", "header cells must be raw_text or raw_number")
    columns = len(rows[0]) if rows else 1
    found.number(block, "row_header_column_index", pointer, least=0, most=max(columns - 1, 0))


def check_chart(found: Complaints, block: Json, pointer: str) -> None:
    """A pie of slices, or bars, lines and areas over an axis."""
    found.unknown(block, pointer, ("type", "block_id", "title", "chart"))
    found.string(block, "title", pointer, most=50, least=1, needed=True)
    given, here = block.get("chart"), f"{pointer}/chart"
    if not is_object(given):
        found.add(pointer, "missing required field: chart")
    elif given.get("type") not in CHARTS:
        found.add(f"{here}/type", f"must be one of: {', '.join(CHARTS)}")
    elif given["type"] == "pie":
        _pie(found, given, here)
    else:
        _plot(found, given, here)


def check_charts(found: Complaints, blocks: list[Json], pointer: str) -> None:
    """How many charts a message may hold."""
    if sum(block.get("type") == "data_visualization" for block in blocks) > 2:
        found.add(pointer, "no more than 2 data_visualization blocks allowed")


def _rows(
    found: Complaints, block: Json, pointer: str, *, least: int, most: int, kinds: tuple[str, ...]
) -> list[list[Any]]:
    rows, here = block.get("rows"), f"{pointer}/rows"
    if not is_list(rows) or not least <= len(rows) <= most:
        found.add(here, f"must have between {least} and {most} rows")
        return []
    for index, row in enumerate(rows):
        if not is_list(row) or not 1 <= len(row) <= MOST_COLUMNS:
            found.add(f"{here}/{index}", f"must have between 1 and {MOST_COLUMNS} cells")
            continue
        for at, cell in enumerate(row):
            _cell(found, object_in(cell), f"{here}/{index}/{at}", kinds)
    return [row for row in rows if is_list(row)]


def _cell(found: Complaints, cell: Json, pointer: str, kinds: tuple[str, ...]) -> None:
    kind = cell.get("type")
    if kind not in kinds:
        found.add(f"{pointer}/type", f"unsupported type: {kind}")
    elif kind == "rich_text":
        check_rich_text(found, cell, pointer)
    elif kind == "action":
        check_element(found, object_in(cell.get("element")), f"{pointer}/element", IN_CELL)
    elif kind == "raw_number":
        _figure(found, cell, pointer)
    else:
        found.string(cell, "text", pointer, most=3000, least=1, needed=True)


def _figure(found: Complaints, owner: Json, pointer: str) -> bool:
    value = owner.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        found.add(f"{pointer}/value", "must be a number")
        return False
    return True


def _pie(found: Complaints, given: Json, pointer: str) -> None:
    for index, segment in enumerate(found.items(given, "segments", pointer, most=MOST_PARTS)):
        here = f"{pointer}/segments/{index}"
        found.string(segment, "label", here, most=20, least=1, needed=True)
        if _figure(found, segment, here) and segment["value"] <= 0:
            found.add(f"{here}/value", "must be more than 0")


def _plot(found: Complaints, given: Json, pointer: str) -> None:
    axis = object_in(given.get("axis_config"))
    categories = axis.get("categories")
    if not is_list(categories) or not 1 <= len(categories) <= MOST_CATEGORIES:
        found.add(f"{pointer}/axis_config/categories", f"must have between 1 and {MOST_CATEGORIES} items")
        categories = []
    for index, category in enumerate(categories):
        found.string(
            {str(index): category}, str(index), f"{pointer}/axis_config/categories", most=20, least=1
        )
    for name in ("x_label", "y_label"):
        found.string(axis, name, f"{pointer}/axis_config", most=50)
    series = found.items(given, "series", pointer, most=MOST_PARTS)
    for index, one in enumerate(series):
        _series(found, one, f"{pointer}/series/{index}", categories)
    for name, times in Counter(str(one.get("name")) for one in series).items():
        if times > 1:
            found.add(f"{pointer}/series", f'series names must be unique; "{name}" appears {times} times')


def _series(found: Complaints, series: Json, pointer: str, categories: list[Any]) -> None:
    found.string(series, "name", pointer, most=20, least=1, needed=True)
    points = found.items(series, "data", pointer, most=MOST_CATEGORIES)
    for index, point in enumerate(points):
        _figure(found, point, f"{pointer}/data/{index}")
    if categories and sorted(str(point.get("label")) for point in points) != sorted(map(str, categories)):
        found.add(f"{pointer}/data", "must have one value for every category")
