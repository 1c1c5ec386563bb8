"""Charts as places on the page: what is drawn stands for the figures, whatever they are."""

import re
from typing import Any

import pytest

from bot.sandbox.face.blocks.charts import BOTTOM, HEIGHT, WIDTH, chart

DAYS = ["Mon", "Tue", "Wed"]


def plot(kind: str, *series: list[float], labels: list[str] = DAYS) -> dict[str, Any]:
    points = [
        {
            "name": f"Series {number}",
            "data": [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)],
        }
        for number, values in enumerate(series)
    ]
    return {"type": kind, "series": points, "axis_config": {"categories": labels}}


def numbers(place: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", place)]


def test_a_pie_has_a_slice_for_every_part_and_their_shares() -> None:
    pie = chart({"type": "pie", "segments": [{"label": "a", "value": 1}, {"label": "b", "value": 3}]})
    assert [shape.words for shape in pie.shapes] == ["a: 1", "b: 3"]
    assert pie.rows == [["a", "1", "25%"], ["b", "3", "75%"]]
    # The larger part takes the long way round.
    assert " 0 0 1 " in pie.shapes[0].place
    assert " 0 1 1 " in pie.shapes[1].place


def test_a_pie_of_one_part_is_a_whole() -> None:
    [whole] = chart({"type": "pie", "segments": [{"label": "a", "value": 5}]}).shapes
    assert whole.place.endswith("Z")
    assert "L" not in whole.place


def test_bars_stand_on_zero_and_reach_their_value() -> None:
    bars = chart(plot("bar", [0, 5, 10])).shapes
    heights = [numbers(bar.place)[1] - numbers(bar.place)[2] for bar in bars]
    assert heights[0] == 0
    assert heights[2] == pytest.approx(2 * heights[1])


def test_bars_below_zero_hang_from_it() -> None:
    below, above = chart(plot("bar", [-5, 5], labels=["a", "b"])).shapes
    assert numbers(below.place)[2] == pytest.approx(numbers(above.place)[1])


def test_an_area_below_zero_is_filled_to_zero() -> None:
    drawn = chart(plot("area", [-2, 7], labels=["a", "b"]))
    zero = next(y for y, words in drawn.levels if words == "0")
    assert numbers(drawn.shapes[0].place)[1] == pytest.approx(zero, abs=0.1)


def test_a_line_goes_through_every_value() -> None:
    [line] = chart(plot("line", [1, 2, 3])).shapes
    assert len(numbers(line.place.removesuffix(" h 0"))) == 6


def test_the_table_has_every_figure() -> None:
    drawn = chart(plot("line", [1, 2.5, 1234567], [0, 0, 0]))
    assert drawn.header == ["Category", "Series 0", "Series 1"]
    assert drawn.rows[2] == ["Wed", "1,234,567", "0"]


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
@pytest.mark.parametrize("values", [[0, 0, 0], [-1, -2, -3], [1e12, 1, 0], [0.001, 0.002, 0]])
def test_everything_lies_inside_the_picture(kind: str, values: list[float]) -> None:
    drawn = chart(plot(kind, values))
    for y, _ in drawn.levels:
        assert 0 <= y <= HEIGHT - BOTTOM
    for x, _, _ in drawn.ticks:
        assert 0 <= x <= WIDTH


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"type": "radar"},
        {"type": "pie"},
        {"type": "pie", "segments": "x"},
        {"type": "pie", "segments": [{"label": 5, "value": "much"}]},
        {"type": "bar", "series": [None], "axis_config": []},
        {"type": "line", "series": [{"name": None, "data": "x"}], "axis_config": {"categories": ["a"]}},
        plot("area", [1], labels=["one"]),
    ],
)
def test_odd_figures_do_not_break_a_page(given: dict[str, Any]) -> None:
    assert chart(given).kind == str(given.get("type"))
