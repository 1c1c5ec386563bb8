"""The dashboard and the rules ask only for figures that exist, by labels that they have and values that occur."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from bot import metrics
from bot.indicators.domain import Component
from bot.jira.failures import LoginRefused
from bot.outbox import outcomes
from bot.outbox.retry import RESULTS
from tests.support.sources import ROOT

FOLDER = ROOT / "docs" / "operations"
DASHBOARD: Mapping[str, Any] = json.loads((FOLDER / "grafana.json").read_text(encoding="utf-8"))
RULES: Mapping[str, Any] = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))
ALERTS: list[Mapping[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
WIDTH = 24

# Prometheus adds these to whatever it scrapes.
EVERYWHERE = {"instance", "job"}
OUTCOMES = {"ok", LoginRefused.__name__.lower()} | {
    name.lower() for name, value in vars(outcomes).items() if isinstance(value, type)
}
VALUES = {
    "result": {"ok", "unavailable", "too_slow", *RESULTS},
    "component": {component.value for component in Component},
    "class": OUTCOMES,
}


def _samples() -> dict[str, set[str]]:
    """The labels of each sample, by its name as Prometheus has it."""
    found: dict[str, set[str]] = {}
    for figure in vars(metrics).values():
        if not isinstance(figure, Counter | Gauge | Histogram):
            continue
        (family,) = figure.describe()
        labels = set(figure._labelnames)  # pyright: ignore[reportPrivateUsage]
        if isinstance(figure, Counter):
            found[f"{family.name}_total"] = labels
        elif isinstance(figure, Histogram):
            found |= {f"{family.name}_{end}": labels for end in ("sum", "count")}
            found[f"{family.name}_bucket"] = labels | {"le"}
        else:
            found[family.name] = labels
    return found


SAMPLES = _samples()


def _panels() -> list[Mapping[str, Any]]:
    return list(DASHBOARD["panels"])


EXPRESSIONS = [target["expr"] for panel in _panels() for target in panel.get("targets", [])] + [
    alert["expr"] for alert in ALERTS
]
SELECTOR = re.compile(r"\b(frontdesk_[a-z0-9_]+)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(?:=~|!~|!=|=)\s*"([^"]*)"')
GROUPING = re.compile(r"\b(?:by|without)\s*\(([^)]*)\)")
WORDS = {
    "absent", "and", "by", "histogram_quantile", "increase", "max", "min", "offset", "or", "rate", "sum", "time",
}  # fmt: skip


def mistakes(expression: str) -> Iterator[str]:
    """What of an expression cannot be true of our figures."""
    known: set[str] = set(EVERYWHERE)
    if not SELECTOR.search(expression):
        yield "it asks for no figure of ours"
    for name, matchers in SELECTOR.findall(expression):
        if name not in SAMPLES:
            yield f"there is no {name}"
            continue
        known |= SAMPLES[name]
        for label, value in MATCHER.findall(matchers):
            if label not in SAMPLES[name]:
                yield f"{name} has no {label}"
            elif unknown := set(value.split("|")) - VALUES.get(label, set()):
                yield f"{label} is never {sorted(unknown)}"
    for labels in GROUPING.findall(expression):
        yield from (f"nothing has {one}" for one in re.split(r"\s*,\s*", labels) if one not in known)
    yield from _misspelt(expression)


def _misspelt(expression: str) -> Iterator[str]:
    left = GROUPING.sub(" by ", SELECTOR.sub(" ", re.sub(r"\[[^\]]*\]", " ", expression)))
    yield from (f"{word} is no function" for word in re.findall(r"\b[a-z_]{3,}\b", left) if word not in WORDS)
    for opening, closing in ("()", "{}", "[]"):
        if expression.count(opening) != expression.count(closing):
            yield f"{opening} and {closing} do not match"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_what_there_is(expression: str) -> None:
    assert list(mistakes(expression)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "rate(frontdesk_jobs[5m])",
        "sum(frontdesk_jobz_28d)",
        'frontdesk_jobs_28d{state="done"}',
        'frontdesk_jobs_28d{result="lost"}',
        "sum by (team) (frontdesk_jobs_28d)",
        "summ(frontdesk_outbox_open)",
        "sum(frontdesk_outbox_open",
        "frontdesk_intake_seconds",
        "up == 0",
    ],
)
def test_a_wrong_expression_is_noticed(wrong: str) -> None:
    assert list(mistakes(wrong)) != []


def test_every_counter_of_success_is_watched() -> None:
    shown = " ".join(EXPRESSIONS)
    wanted = {
        "frontdesk_requests_total",
        "frontdesk_jobs_total",
        "frontdesk_success_ratio_28d",
        "frontdesk_jobs_28d",
    }
    assert {name for name in wanted if name not in shown} == set()
    assert {value for value in VALUES["component"] if f'"{value}"' not in shown} == set()


def test_the_dashboard_has_what_grafana_10_asks_of_one() -> None:
    assert isinstance(DASHBOARD["schemaVersion"], int) and DASHBOARD["schemaVersion"] >= 36
    assert DASHBOARD["uid"] and DASHBOARD["title"] and "id" not in DASHBOARD
    (source,) = DASHBOARD["templating"]["list"]
    assert (source["type"], source["query"]) == ("datasource", "prometheus")
    ids = [panel["id"] for panel in _panels()]
    assert len(set(ids)) == len(ids)
    for panel in _panels():
        assert panel["title"] and panel["type"] in ("row", "stat", "timeseries")
        for target in panel.get("targets", []):
            assert target["datasource"] == {"type": "prometheus", "uid": f"${{{source['name']}}}"}
        refs = [target["refId"] for target in panel.get("targets", [])]
        assert len(set(refs)) == len(refs) and bool(refs) == (panel["type"] != "row")
        assert panel["type"] == "row" or panel["description"]


def test_no_panel_lies_on_another_or_beyond_the_edge() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in _panels():
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= WIDTH
        taken |= cells


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_an_alert_says_what_is_wrong_and_how_urgent_it_is(alert: Mapping[str, Any]) -> None:
    assert set(alert) <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"Frontdesk[A-Za-z]+", alert["alert"])
    assert alert["labels"] in ({"severity": "page"}, {"severity": "ticket"})
    assert re.fullmatch(r"\d+[mh]", alert.get("for", "1m"))
    assert alert["annotations"]["summary"] and alert["annotations"]["description"]
    shown = set(re.findall(r"\$labels\.(\w+)", str(alert["annotations"])))
    grouped = {one for labels in GROUPING.findall(alert["expr"]) for one in re.split(r"\s*,\s*", labels)}
    assert shown <= grouped
