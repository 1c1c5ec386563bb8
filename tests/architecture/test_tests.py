"""How the tests are written: fakes only at the wire, names that are sentences."""

import ast
import re

from tests.support.sources import name_of, python_files, tree_of

# Put together here, so that this file does not contain what it looks for.
PATCHING = re.compile(
    r"monkey" + r"patch|unittest\.mo" + r"ck|\bMagic" + r"Mock\b|\bmocker\b|mock\.pat" + r"ch"
)
SHORTEST_NAME = 4


def test_no_test_patches_anything() -> None:
    found = {
        f"{name_of(path)}: {match.group()}"
        for path in python_files("tests")
        for match in PATCHING.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_every_test_is_named_by_a_sentence() -> None:
    short = {
        f"{name_of(path)}: {node.name}"
        for path in python_files("tests")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and len(node.name.split("_")) <= SHORTEST_NAME - 1
    }
    assert short == set()
