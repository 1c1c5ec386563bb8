"""The list of hostile inputs: each number has at least one test, and each test that it names is there and runs."""

import ast
import re

import pytest

from tests.support.sources import ROOT, rows_of, tree_of

LIST = ROOT / "docs" / "security.md"
NUMBERS = list(range(1, 75))
ROWS = {
    int(row[0]): re.findall(r"`(tests/[\w/.]+)::(test_\w+)`", row[3]) for row in rows_of(LIST, "## The list")
}


def test_the_list_has_every_number_once_and_in_order() -> None:
    assert [int(row[0]) for row in rows_of(LIST, "## The list")] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS)
def test_each_input_names_tests_that_are_there_and_run(number: int) -> None:
    named = ROWS.get(number, [])
    assert named, f"nothing shows what becomes of input {number}"
    for file, test in named:
        assert test in _running_tests(file), f"{file} has no running test {test}"


def _running_tests(file: str) -> set[str]:
    path = ROOT / file
    assert path.is_file(), f"{file} is not there"
    return {
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _left_out(node)
    }


def _left_out(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    marks = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    return "skip" in marks or "xfail" in marks
