"""The audit of the exact versions: it fails for a hole, and for not having been able to look."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.sources import ROOT

PINNED = [
    line.split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if "==" in line
]
CLEAN: list[dict[str, Any]] = [{"name": name, "version": version, "vulns": []} for name, version in PINNED]
HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["9.9"], "aliases": [], "description": "x"}
SKIPPED: list[dict[str, Any]] = [{"name": name, "skip_reason": "not found"} for name, _ in PINNED]

Audit = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """Runs the audit with a pip-audit on PATH that says this; none at all where `says` is None."""

    def run(says: list[dict[str, Any]] | str | None, *words: str) -> subprocess.CompletedProcess[str]:
        if says is not None:
            told = says if isinstance(says, str) else json.dumps({"dependencies": says, "fixes": []})
            words_of_it = f"import sys; print({told!r}); sys.exit('no connection')"
            program = tmp_path / "pip-audit"
            program.write_text(f"#!{sys.executable}\n{words_of_it}\n", encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return subprocess.run(
            [sys.executable, str(ROOT / ".ci" / "audit"), *words],
            env={**os.environ, "PATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


@pytest.mark.parametrize("words", [(), ("--unless-unreachable",)])
def test_every_version_without_a_hole_is_well(audit: Audit, words: tuple[str, ...]) -> None:
    done = audit(CLEAN, *words)
    assert (done.returncode, done.stdout) == (0, f"no known holes in {len(PINNED)} versions\n")


@pytest.mark.parametrize("words", [(), ("--unless-unreachable",)])
def test_a_known_hole_fails_and_is_named_even_if_others_were_skipped(
    audit: Audit, words: tuple[str, ...]
) -> None:
    done = audit([{**CLEAN[0], "vulns": [HOLE]}, *SKIPPED[1:]], *words)
    assert done.returncode == 1
    assert f"{PINNED[0][0]} {PINNED[0][1]}: PYSEC-2026-1 (mended in 9.9)" in done.stdout


@pytest.mark.parametrize("says", [SKIPPED, [], "", "Traceback"])
def test_to_have_audited_nothing_fails_unless_that_is_allowed(audit: Audit, says: Any) -> None:
    strict = audit(says)
    assert (strict.returncode, strict.stdout.startswith("NOT AUDITED")) == (1, True)
    tolerant = audit(says, "--unless-unreachable")
    assert (tolerant.returncode, tolerant.stdout.startswith("NOT AUDITED")) == (0, True)


@pytest.mark.parametrize("words", [(), ("--unless-unreachable",)])
def test_to_have_audited_a_part_fails_and_names_the_rest(audit: Audit, words: tuple[str, ...]) -> None:
    done = audit([*CLEAN[:-1], SKIPPED[-1]], *words)
    assert done.returncode == 1
    assert f"{PINNED[-1][0]}: not found" in done.stdout


def test_without_the_program_it_fails_and_says_how_to_get_it(audit: Audit) -> None:
    done = audit(None, "--unless-unreachable")
    assert done.returncode == 1
    assert "make setup" in done.stderr
