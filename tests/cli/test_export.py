"""Exported text: no cell is a formula, nothing is lost."""

import csv
import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.export import as_csv, as_json

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    (row,) = _read(as_csv([{"summary": f"{start}1+1"}]))
    assert row["summary"].startswith("'")


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (12, "12"), (True, "True"), ('a, b\n"c"', 'a, b\n"c"'), (-3, "'-3")]
)
def test_values_are_cells(value: Any, cell: str) -> None:
    assert _read(as_csv([{"x": value}]))[0]["x"] == cell


def test_instants_are_iso_with_their_zone() -> None:
    assert "2026-11-23T09:00:00+00:00" in as_csv([{"at": AT}])
    assert json.loads(as_json([{"at": AT}])) == [{"at": "2026-11-23T09:00:00+00:00"}]


def test_json_keeps_numbers_and_people_s_letters() -> None:
    text = as_json([{"number": 12, "summary": "Rückzahlung 💸", "assignee": None}])
    assert json.loads(text) == [{"number": 12, "summary": "Rückzahlung 💸", "assignee": None}]
    assert "Rückzahlung 💸" in text


def test_no_rows_are_an_empty_array() -> None:
    assert json.loads(as_json([])) == []
