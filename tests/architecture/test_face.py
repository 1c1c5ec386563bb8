"""The face's templates and static files: all of them in use, none of them a way in for somebody's script."""

import ast
import re
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from bot.sandbox.face.face import HERE
from tests.support.sources import python_files, string_constants, tree_of

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
STATIC = sorted(path for path in (HERE / "static").rglob("*") if path.is_file())
FORBIDDEN = {
    "event attribute": re.compile(r"<[^>]*\son\w+\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.IGNORECASE),
    "script in an address": re.compile(r"javascript:", re.IGNORECASE),
}
ELSEWHERE = re.compile(
    r"(?:src|href|action)=\"(?:https?:)?//|@import|url\([\"']?(?:https?:)?//|\bimport\s*\(|^import\b",
    re.IGNORECASE | re.MULTILINE,
)
REFERENCE = re.compile(r"/static/([\w./-]+)")


def _tree(path: Path) -> nodes.Template:
    return Environment().parse(path.read_text(encoding="utf-8"))


def _named_in_code() -> list[re.Pattern[str]]:
    """Names of templates in the face's code; one that is put together stands for all that it may become."""
    paths = python_files("bot/sandbox/face")
    whole = {re.escape(text) for path in paths for text in string_constants(path)}
    parted = {
        "".join(re.escape(part.value) if isinstance(part, ast.Constant) else r"\w+" for part in node.values)  # pyright: ignore[reportArgumentType]
        for path in paths
        for node in ast.walk(tree_of(path))
        # One that begins with the unknown would stand for every template.
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    return [re.compile(name) for name in whole | parted if name.endswith(r"\.html")]


def test_every_template_is_used_and_exists() -> None:
    existing = {path.name for path in TEMPLATES}
    inside = {name for path in TEMPLATES for name in meta.find_referenced_templates(_tree(path)) if name}
    named = _named_in_code()
    unused = {name for name in existing - inside if not any(pattern.fullmatch(name) for pattern in named)}
    assert unused == set()
    assert inside - existing == set()


def test_no_template_lets_a_text_through_unescaped() -> None:
    found = {f"{path.name}: {how}" for path in TEMPLATES for how in _unescaped(_tree(path))}
    assert found == set()


def _unescaped(tree: nodes.Template) -> list[str]:
    filters = [node.name for node in tree.find_all(nodes.Filter) if node.name == "safe"]
    return filters + ["autoescape" for _ in tree.find_all(nodes.ScopedEvalContextModifier)]


@pytest.mark.parametrize("text", ["{{ name | safe }}", "{% autoescape false %}{{ name }}{% endautoescape %}"])
def test_an_unescaped_text_would_be_noticed(text: str) -> None:
    assert _unescaped(Environment().parse(text))


def test_no_template_holds_a_script() -> None:
    found = {
        f"{path.name}: {name}, {match.group()}"
        for path in TEMPLATES
        for name, pattern in FORBIDDEN.items()
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<button class="a" onclick="go()">', "event attribute"),
        ("<script>go()</script>", "inline script"),
        ('<a href="javascript:go()">', "script in an address"),
    ],
)
def test_a_script_in_a_template_would_be_noticed(html: str, name: str) -> None:
    assert FORBIDDEN[name].search(html)


def test_every_static_file_is_used_and_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in [*TEMPLATES, *STATIC]]
    used = {name for text in texts for name in REFERENCE.findall(text)}
    assert used == {path.relative_to(HERE / "static").as_posix() for path in STATIC}


def test_there_is_one_script_and_it_is_a_module() -> None:
    """Beside it stands only the choice of the theme: a module comes too late for it, and the page would flash."""
    scripts = {
        path.name: path.read_text(encoding="utf-8") for path in STATIC if path.suffix in {".js", ".mjs"}
    }
    assert set(scripts) == {"face.js", "theme.js"}
    assert len(scripts["theme.js"]) < 600
    tags = [
        tag
        for path in TEMPLATES
        for tag in re.findall(r"<script[^>]*src=[^>]*>", path.read_text(encoding="utf-8"))
    ]
    assert sorted(tags) == [
        '<script src="/static/theme.js">',
        '<script type="module" src="/static/face.js">',
    ]


def test_nothing_is_loaded_from_elsewhere() -> None:
    found = {
        f"{path.name}: {match.group()}"
        for path in [*TEMPLATES, *STATIC]
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://a.example/x.js">',
        '@import "x.css"',
        'import("./x.js")',
        "url(//a.example/x.png)",
    ],
)
def test_something_from_elsewhere_would_be_noticed(text: str) -> None:
    assert ELSEWHERE.search(text)


def test_every_property_that_a_style_asks_for_is_given_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in [*TEMPLATES, *STATIC])
    asked, given = set(re.findall(r"var\((--[\w-]+)", text)), set(re.findall(r"(--[\w-]+)\s*:", text))
    assert asked - given == set()
