"""Figures: each one is counted somewhere, and the documents name only those that exist."""

import ast
import re

from prometheus_client import Counter, Gauge, Histogram

from bot import metrics
from tests.support.sources import ROOT, name_of, python_files, text_files, tree_of

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


# What stands where a label's value is not a word in the code, and what bounds it.
BOUNDED = {
    ("bot/features/in_step/webhook.py", "rejected.reason"): "the words of `Rejected` in bot/slack/gate.py",
    ("bot/jira/calls.py", "op"): "the words that bot/jira calls its operations by",
    ("bot/jira/calls.py", "type(found).__name__.lower()"): "the outcomes",
    ("bot/outbox/relay.py", "entry.kind"): "the kinds that the features deliver",
    ("bot/outbox/relay.py", "kind"): "the kinds that the features deliver",
    ("bot/outbox/relay.py", "result"): "the results of an entry",
    ("bot/scheduling/apart.py", "f'job {self._job}'"): "the jobs that the features name",
    ("bot/scheduling/counting.py", "component.value"): "the components",
    ("bot/scheduling/counting.py", "kind"): "kinds of calls and of deliveries, from the table of days",
    ("bot/scheduling/counting.py", "result"): "results of calls and of entries, from the table of days",
    ("bot/scheduling/liveness.py", "loop"): "the loops of bot/running.py",
    ("bot/scheduling/loop.py", "name"): "the loops of bot/running.py",
    ("bot/scheduling/tick.py", "f'job {job.name}'"): "the jobs that the features name",
    ("bot/slack/app.py", "ignored"): "the words of `_not_for_us`",
    ("bot/slack/app.py", "kind"): "the kinds of calls, with `other`",
    ("bot/slack/app.py", "result"): "the results of a call",
    ("bot/slack/gate.py", "rejected.reason"): "the words of `Rejected`",
    ("bot/slack/gateway.py", "method"): "the methods that the manifest's test knows",
    ("bot/slack/oauth.py", "method"): "the two methods of an installation",
    ("bot/slack/gateway.py", "type(outcome).__name__.lower()"): "the outcomes",
}


def _label_values() -> set[tuple[str, str]]:
    """Where a figure's label gets a value that is no constant, and the expression that it comes from."""
    return {
        (name_of(path), ast.unparse(argument))
        for path in python_files("bot")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "labels"
        if isinstance(node.func.value, ast.Name) and node.func.value.id in FIGURES
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
        if not isinstance(argument, ast.Constant)
    }


def test_every_label_takes_its_value_from_a_bounded_list() -> None:
    """Somebody's id or text as a label would make a series for each: whoever adds a source says what bounds it."""
    assert _label_values() == set(BOUNDED)


def test_jira_operations_are_words_in_the_code() -> None:
    calls = [
        node
        for path in python_files("bot/jira")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._calls.run"
    ]
    unnamed = {ast.unparse(call.args[0]) for call in calls if not isinstance(call.args[0], ast.Constant)}
    assert calls and unnamed <= {"op"}


def test_no_label_is_named_after_somebody_or_something_somebody_wrote() -> None:
    names = {name for figure in FIGURES.values() for name in figure._labelnames}  # pyright: ignore[reportPrivateUsage]
    assert names == {"class", "component", "kind", "loop", "method", "op", "reason", "result"}
