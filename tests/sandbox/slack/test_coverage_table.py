"""The README's table of methods says what the registry has."""

import re
from pathlib import Path

from bot.sandbox.slack.api.registry import METHODS

README = Path(__file__).parents[3] / "bot" / "sandbox" / "slack" / "README.md"


def test_the_readme_names_every_method_and_no_other() -> None:
    table = README.read_text().partition("## Web API methods")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE)
    assert named == sorted(METHODS)
