"""What no source file of the project may contain."""

import ast
import re
from pathlib import Path

import pytest

from tests.support.sources import name_of, python_files, text_files, tree_of

LONGEST_FILE = 350
LONGEST_FUNCTION = 40
BANNED_WORDS = {"manager", "helper", "helpers", "util", "utils", "handler", "handlers", "abstract"}
BANNED_NAMES = {"process", "data", "info"}
# Put together here, so that this file does not contain what it looks for.
LOCAL_PATHS = re.compile(r"(?<![a-z.\w])/" + r"(work|farm|root|home/\w+|Users/\w+)/")
REGISTRIES = re.compile(r"py" + r"thonhosted|py" + r"pi\.org|npm" + r"js\.|index" + r"-url|docker" + r"\.io")
# Joining is one long list of names; cutting it in two would only hide half of it.
LONG_FUNCTIONS = {"bot/bootstrap.py:build", "bot/features/requests/__init__.py:build"}


def test_every_file_of_the_product_is_short() -> None:
    long = {name_of(path): len(path.read_text().splitlines()) for path in python_files("bot")}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FILE} == {}


def test_every_function_of_the_product_is_short() -> None:
    found = {
        f"{name_of(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files("bot")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    too_long = {name for name, lines in found.items() if lines > LONGEST_FUNCTION}
    assert too_long <= LONG_FUNCTIONS


def test_names_say_what_a_thing_is() -> None:
    assert [name for path in python_files("bot") for name in _vague_names(path)] == []


def _vague_names(path: Path) -> list[str]:
    names = [path.stem] + [
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    return [f"{name_of(path)}: {name}" for name in names if _is_vague(name)]


def _is_vague(name: str) -> bool:
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name)}
    return bool(words & BANNED_WORDS) or name.strip("_").lower() in BANNED_NAMES


@pytest.mark.parametrize("name", ["QueueManager", "text_utils", "_handler", "data", "AbstractStore"])
def test_a_vague_name_is_noticed(name: str) -> None:
    assert _is_vague(name)


@pytest.mark.parametrize("name", ["database", "postpone", "shandling", "processed_at", "Information"])
def test_a_clear_name_is_left_alone(name: str) -> None:
    assert not _is_vague(name)


def test_every_file_is_utf_8_text() -> None:
    for path in text_files():
        path.read_text(encoding="utf-8")


def test_no_file_names_a_path_of_one_machine_or_a_registry() -> None:
    found = {
        f"{name_of(path)}: {match.group()}"
        for path in text_files()
        for pattern in (LOCAL_PATHS, REGISTRIES)
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_a_path_of_one_machine_would_be_noticed() -> None:
    assert LOCAL_PATHS.search("cd /" + "work/project")
    assert not LOCAL_PATHS.search("https://example.com/" + "work/project")


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in python_files("bot") if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_blind_excepts_stand_only_where_work_must_go_on() -> None:
    found = {
        name_of(path)
        for path in python_files("bot")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler) and _is_blind(node)
    }
    assert found <= BLIND_ALLOWED


def _is_blind(node: ast.ExceptHandler) -> bool:
    # One that raises again hides nothing.
    blind = node.type is None or (
        isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}
    )
    return blind and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))


# Where one broken piece of work must not stop the rest; each of them logs the whole trace with a reference.
BLIND_ALLOWED = {
    "bot/outbox/relay.py",
    "bot/sandbox/face/live.py",
    "bot/sandbox/face/mistakes.py",
    "bot/scheduling/apart.py",
    "bot/scheduling/loop.py",
    "bot/scheduling/tick.py",
    "bot/slack/app.py",
    "bot/web.py",
}


def test_every_folder_of_the_product_is_a_package() -> None:
    folders = {path.parent for path in python_files("bot")}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []
