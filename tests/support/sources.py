"""The project's own files, as the architecture tests read them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_TEXT = {".py", ".md", ".toml", ".yml", ".yaml", ".txt", ".mako", ".example", ".html", ".css", ".js", ""}
_NOT_OURS = {".git", ".venv", "dist", "build", "__pycache__"}


def python_files(folder: str) -> list[Path]:
    """Every Python file below a folder of the project."""
    return sorted((ROOT / folder).rglob("*.py"))


def text_files() -> list[Path]:
    """Every text file that belongs to the project."""
    return sorted(_walk(ROOT))


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in _NOT_OURS and not path.name.endswith(".egg-info"):
                yield from _walk(path)
        elif path.suffix in _TEXT and not path.name.startswith(".env.local") and path.name != ".env":
            yield path


def name_of(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def words_of(path: Path) -> set[str]:
    """Every word between backticks in a document."""
    return set(re.findall(r"`([^`\n]+)`", path.read_text(encoding="utf-8")))


def rows_of(path: Path, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    text = path.read_text(encoding="utf-8")
    section = text.split(f"\n{heading}\n", 1)[1]
    table: list[list[str]] = []
    for line in section.splitlines():
        if line.startswith("|"):
            table.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif table:
            break
    return table[2:]


def string_constants(path: Path) -> set[str]:
    """Every string that the file's code holds."""
    return {
        node.value
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
