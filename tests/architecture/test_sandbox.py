"""The sandbox is a workspace in which everything works that the product does."""

from bot.sandbox.slack.api.registry import METHODS
from tests.support.slack_use import SCOPES_OF_METHODS, methods_called
from tests.support.sources import ROOT, rows_of


def test_every_method_that_the_product_calls_works_in_the_sandbox() -> None:
    assert methods_called() - set(METHODS) == set()


def test_the_product_calls_something_at_all() -> None:
    assert {"chat.postMessage", "views.open"} <= methods_called()


def test_the_sandbox_asks_for_the_scopes_that_the_manifest_is_counted_by() -> None:
    differing = {
        method: (METHODS[method].scopes, SCOPES_OF_METHODS[method])
        for method in methods_called() & set(METHODS)
        if not set(SCOPES_OF_METHODS[method]) <= set(METHODS[method].scopes)
    }
    assert differing == {}


def test_the_sandbox_names_every_method_in_its_table() -> None:
    table = rows_of(ROOT / "bot" / "sandbox" / "slack" / "README.md", "## Web API methods")
    assert {row[0].strip("`") for row in table} == set(METHODS)
