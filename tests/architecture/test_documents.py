"""Documents that a machine can hold to their word."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.features.requests import domain
from tests.support.sources import ROOT, name_of, text_files

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
DOCUMENTS = [path for path in text_files() if path.suffix == ".md"]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"`?frontdesk ([a-z]+)")
OPTION = re.compile(r"--[a-z][a-z-]+")
COMMAND_LINE: Any = typer.main.get_command(app)
# What is on by default, and what the shell's completion offers beside its installation.
UNTOLD = {"--migrate", "--show-completion"}


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
@pytest.mark.parametrize("part", ["Status", "Options", "Consequences", "Checks"])
def test_every_decision_has_its_parts(path: Path, part: str) -> None:
    assert re.search(rf"^(## )?\**{part}\b", path.read_text(encoding="utf-8"), re.MULTILINE)


def test_decisions_are_numbered_without_gaps() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_what_a_decision_names_as_its_check_exists() -> None:
    named = {
        found
        for path in DECISIONS
        for found in re.findall(r"`((?:tests|bot|migrations)/[\w./-]+)`", path.read_text(encoding="utf-8"))
    }
    assert {name for name in named if not (ROOT / name).exists()} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_make_command_in_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = {
        name for path in DOCUMENTS for name in re.findall(r"`make ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    assert named <= targets


def test_the_readme_names_every_command_of_the_command_line_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(COMMAND.findall(readme)) == set(COMMAND_LINE.commands)


def test_every_option_in_the_documents_exists() -> None:
    known = _options(COMMAND_LINE)
    named = {
        option
        for path in DOCUMENTS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "`frontdesk " in line or line.strip().startswith("frontdesk ")
        for option in OPTION.findall(line)
    }
    assert named <= known


def test_the_readme_names_every_option_of_the_command_line() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert _options(COMMAND_LINE) - UNTOLD <= set(OPTION.findall(readme))


def _options(command: Any) -> set[str]:
    found = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]}
    below = getattr(command, "commands", {}).values()
    return {name for name in found if name.startswith("--")}.union({"--help"}, *map(_options, below))


def test_the_state_machine_in_the_readme_is_the_one_in_the_code() -> None:
    text = (ROOT / "bot" / "features" / "requests" / "README.md").read_text(encoding="utf-8")
    diagram = text.split("```mermaid", 1)[1].split("```", 1)[0]
    drawn = {
        (domain.State(source), move)
        for source, _, moves in re.findall(r"^\s*(\w+) --> (\w+): ([\w, ]+)$", diagram, re.MULTILINE)
        for move in moves.split(", ")
        if source in set(domain.State)
    }
    moving = {(state, move.value) for move, states in domain.ALLOWED.items() for state in states}
    still = {
        (state, move.value) for state in domain.State for move in (domain.Move.PRIORITY, domain.Move.EDIT)
    }
    assert drawn == moving - still
