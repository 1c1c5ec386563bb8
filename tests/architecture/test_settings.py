"""Settings: what the code reads, what `.env.example` offers and what the README explains are the same."""

import re

from bot.settings import Settings
from tests.support.sources import ROOT, rows_of

NAMES = {name.upper() for name in Settings.model_fields}


def test_every_setting_stands_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", example, re.MULTILINE)) == NAMES


def test_every_setting_stands_in_the_readme() -> None:
    documented = {row[0].strip("`") for row in rows_of(ROOT / "README.md", "## Settings")}
    assert documented == NAMES


def test_the_readme_tells_the_defaults_of_the_settings() -> None:
    told = {row[0].strip("`"): row[2] for row in rows_of(ROOT / "README.md", "## Settings")}
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert {name: told[name] for name in NAMES} == {
        name: "none" if value is None else f"`{value}`" for name, value in defaults.items()
    }


def test_the_example_file_turns_no_alarm_on() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert "\nALERT_" not in example
