"""Charts of the data visualisation block as lines and shapes with places: pure. The template draws them as SVG.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from dataclasses import dataclass, field
from math import cos, pi, sin

from bot.sandbox.slack.wire import Json, is_list, object_in, objects_in

WIDTH, HEIGHT = 520.0, 220.0
LEFT, BOTTOM = 60.0, 42.0
_RADIUS = 95.0


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One mark: `kind` is slice, bar, line or area, `place` its geometry; `series` counts from 0 and chooses the colour."""

    kind: str
    place: str
    series: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart ready to be drawn, and the same as a table: header and rows of words."""

    kind: str
    shapes: list[Shape] = field(default_factory=list[Shape])
    ticks: list[tuple[float, float, str]] = field(default_factory=list[tuple[float, float, str]])
    levels: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    legend: list[str] = field(default_factory=list[str])
    header: list[str] = field(default_factory=list[str])
    rows: list[list[str]] = field(default_factory=list[list[str]])
    x_label: str = ""
    y_label: str = ""


def chart(given: Json) -> Chart:
    """The chart of a block; one of a kind that Slack does not have has no shapes."""
    kind = str(given.get("type"))
    if kind == "pie":
        return _pie(objects_in(given.get("segments")))
    if kind in ("bar", "line", "area"):
        return _plot(kind, given)
    return Chart(kind=kind)


def _pie(segments: list[Json]) -> Chart:
    values = [max(_number(segment.get("value")), 0.0) for segment in segments]
    total = sum(values) or 1.0
    labels = [str(segment.get("label", "")) for segment in segments]
    shapes: list[Shape] = []
    turned = 0.0
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        share = value / total
        shapes.append(
            Shape(
                kind="slice",
                place=_slice(turned, turned + share),
                series=number,
                words=f"{label}: {_figure(value)}",
            )
        )
        turned += share
    rows = [
        [label, f"{_figure(value)}", f"{value / total:.0%}"]
        for label, value in zip(labels, values, strict=True)
    ]
    return Chart(kind="pie", shapes=shapes, legend=labels, header=["Part", "Value", "Share"], rows=rows)


def _slice(begin: float, end: float) -> str:
    middle_x, middle_y = WIDTH / 2, HEIGHT / 2
    if end - begin > 0.9999:
        return f"M {middle_x:g} {middle_y - _RADIUS:g} A {_RADIUS:g} {_RADIUS:g} 0 1 1 {middle_x - 0.01:g} {middle_y - _RADIUS:g} Z"
    points = [
        f"{middle_x + _RADIUS * sin(2 * pi * part):.1f} {middle_y - _RADIUS * cos(2 * pi * part):.1f}"
        for part in (begin, end)
    ]
    large = int(end - begin > 0.5)
    return f"M {middle_x:g} {middle_y:g} L {points[0]} A {_RADIUS:g} {_RADIUS:g} 0 {large} 1 {points[1]} Z"


def _plot(kind: str, given: Json) -> Chart:
    series = objects_in(given.get("series"))
    axis = object_in(given.get("axis_config"))
    listed = axis.get("categories")
    categories = [str(one) for one in listed] if is_list(listed) else []
    names = [str(one.get("name", "")) for one in series]
    table = [[_at(one, category) for one in series] for category in categories]
    most = max([0.0, *(value for row in table for value in row)]) or 1.0
    least = min([0.0, *(value for row in table for value in row)])
    scale = _Scale(count=len(categories), least=least, most=most)
    shapes = [
        shape
        for number, name in enumerate(names)
        for shape in scale.marks(kind, number, len(names), name, categories, [row[number] for row in table])
    ]
    return Chart(
        kind=kind,
        shapes=shapes,
        ticks=[
            (scale.middle(at), HEIGHT - BOTTOM + 16, _short(category, scale.step))
            for at, category in enumerate(categories)
        ],
        x_label=str(axis.get("x_label") or ""),
        y_label=str(axis.get("y_label") or ""),
        levels=[
            (scale.height(level), f"{_figure(level)}")
            for level in (least, 0.0 if least < 0 < most else (least + most) / 2, most)
        ],
        legend=names,
        header=[str(axis.get("x_label") or "Category"), *names],
        rows=[
            [category, *(f"{_figure(value)}" for value in row)]
            for category, row in zip(categories, table, strict=True)
        ],
    )


@dataclass(frozen=True, kw_only=True)
class _Scale:
    count: int
    least: float
    most: float

    @property
    def step(self) -> float:
        return (WIDTH - LEFT) / max(self.count, 1)

    def middle(self, at: int) -> float:
        return LEFT + self.step * (at + 0.5)

    def height(self, value: float) -> float:
        span = (self.most - self.least) or 1.0
        return 10 + (HEIGHT - BOTTOM - 10) * (1 - (value - self.least) / span)

    def marks(
        self, kind: str, number: int, of: int, name: str, categories: list[str], values: list[float]
    ) -> list[Shape]:
        if kind == "bar":
            return [
                self._bar(number, of, at, f"{name}, {categories[at]}: {_figure(v)}", v)
                for at, v in enumerate(values)
            ]
        points = " L ".join(
            f"{self.middle(at):.1f} {self.height(value):.1f}" for at, value in enumerate(values)
        )
        words = f"{name}: " + ", ".join(f"{c} {_figure(v)}" for c, v in zip(categories, values, strict=True))
        if kind == "line" or not values:
            # A line of one point has no length; with round ends it is a dot.
            place = f"M {points} h 0" if points else ""
            return [Shape(kind="line", place=place, series=number, words=words)]
        base = f"{self.height(0):.1f}"
        area = f"M {self.middle(0):.1f} {base} L {points} L {self.middle(len(values) - 1):.1f} {base} Z"
        return [Shape(kind="area", place=area, series=number, words=words)]

    def _bar(self, number: int, of: int, at: int, words: str, value: float) -> Shape:
        width = self.step * 0.7 / of
        left = LEFT + self.step * (at + 0.15) + width * number
        top, zero = self.height(max(value, 0)), self.height(min(value, 0))
        place = f"M {left:.1f} {zero:.1f} V {top:.1f} H {left + width:.1f} V {zero:.1f} Z"
        return Shape(kind="bar", place=place, series=number, words=words)


def _short(words: str, room: float) -> str:
    """As much of the words as fits above a piece of the axis; all of them are in the table."""
    most = max(int(room / 7), 1)
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _at(series: Json, category: str) -> float:
    points = objects_in(series.get("data"))
    return next((_number(point.get("value")) for point in points if str(point.get("label")) == category), 0.0)


def _figure(value: float) -> str:
    """A number for people: with commas, without zeros at its end."""
    return f"{value:,.10g}"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
