"""Figures: each one is counted somewhere, and the documents name only those that exist."""

import re

from prometheus_client import Counter, Gauge, Histogram

from bot import metrics
from tests.support.sources import ROOT, python_files, text_files

FIGURES = {
    name: value for name, value in vars(metrics).items() if isinstance(value, Counter | Gauge | Histogram)
}
USED = {
    name
    for path in python_files("bot")
    if path.name != "metrics.py"
    for name in re.findall(r"\b([A-Z][A-Z_]+)\b", path.read_text(encoding="utf-8"))
}


def test_every_figure_is_counted_somewhere() -> None:
    assert set(FIGURES) - USED == set()


def test_every_figure_begins_with_the_name_of_the_product() -> None:
    names = {family.name for figure in FIGURES.values() for family in figure.describe()}
    assert names and {name for name in names if not name.startswith("frontdesk_")} == set()


def test_the_documents_name_only_figures_that_exist() -> None:
    known = {family.name for figure in FIGURES.values() for family in figure.describe()}
    named = {
        (path.name, name.removesuffix("_total"))
        for path in text_files()
        if path.suffix == ".md" and path.is_relative_to(ROOT)
        for name in re.findall(r"\bfrontdesk_[a-z0-9_]+", path.read_text(encoding="utf-8"))
    }
    assert {(file, name) for file, name in named if name not in known} == set()
