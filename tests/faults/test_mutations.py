"""Each protection can be taken out, and in the long run: a test notices when it is missing."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.mutations import ROOT, copied_tree, without
from tests.faults.protections import PROTECTIONS, Protection
from tests.support.long_run import IS_LONG

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda one: one.name)
def test_a_protection_can_be_taken_out_and_leaves_a_program(protection: Protection) -> None:
    source = (ROOT / protection.path).read_text(encoding="utf-8")
    changed = protection.taken_out_of(source)
    ast.parse(changed)
    assert changed != source
    assert [test for test in protection.tests if not (ROOT / test.split("::")[0]).is_file()] == []


def test_protections_have_names_of_their_own() -> None:
    names = [protection.name for protection in PROTECTIONS]
    assert len(names) == len(set(names))


def test_the_page_of_protections_names_them_all_with_tests_that_are_there() -> None:
    lines = (ROOT / "docs" / "protections.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if "::" in line]
    assert [(name, path) for name, path, _ in rows] == [(one.name, one.path) for one in PROTECTIONS]
    for _, _, noticed in rows:
        path, test = noticed.split("::")
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8"), noticed


def test_words_that_are_not_there_any_more_are_told() -> None:
    gone = Protection(name="x", path="bot/cli.py", before="no such words", after="", tests=())
    with pytest.raises(ValueError, match="stand 0 times"):
        gone.taken_out_of("something else")


@pytest.fixture(scope="module")
def tree() -> Iterator[Path]:
    with copied_tree() as copy:
        yield copy


if IS_LONG:

    @pytest.mark.timeout(400)
    @pytest.mark.parametrize("protection", PROTECTIONS, ids=lambda one: one.name)
    def test_without_a_protection_a_test_fails(tree: Path, protection: Protection) -> None:
        noticed = without(tree, protection)
        assert noticed.by, noticed.output[-3000:]
