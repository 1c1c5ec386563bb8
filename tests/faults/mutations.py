"""Takes each protection out of a copy of the tree and looks whether a test notices.

`python -m tests.faults.mutations` does so with all of them, or with those whose names contain the words given, and
prints a table. It ends with 1 where a protection is not noticed or its words are not found any more.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.protections import PROTECTIONS, Protection

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("bot", "migrations", "tests", "docs")
_FAILED = re.compile(r"^FAILED (\S+?)(?:\[.*)?(?: - .*)?$", re.MULTILINE)
# Seconds for the tests of one protection; what hangs without it has been noticed.
LONGEST = 300
# So often a test may be tried that failed without a protection: with it, it has to pass.
TRIES = 2


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What became of the tests without one protection; `by` is the first that failed, "" when none did."""

    protection: Protection
    by: str
    output: str
    seconds: float


@contextmanager
def copied_tree() -> Iterator[Path]:
    """A copy of the project for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-mutations-") as name:
        copy = Path(name)
        for folder in _COPIED:
            shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for path in ROOT.iterdir():
            if path.is_file() and not path.name.startswith(".env"):
                shutil.copy(path, copy / path.name)
        yield copy


def without(copy: Path, protection: Protection) -> Noticed:
    """Runs its tests in the copy without it, and puts it back."""
    path = copy / protection.path
    source = path.read_text(encoding="utf-8")
    began = time.monotonic()
    try:
        path.write_text(protection.taken_out_of(source), encoding="utf-8")
        code, output = run_tests(copy, protection.tests)
    finally:
        path.write_text(source, encoding="utf-8")
    by = _noticed_by(copy, code, output)
    return Noticed(protection=protection, by=by, output=output, seconds=time.monotonic() - began)


def _noticed_by(copy: Path, code: int | None, output: str) -> str:
    """The test that failed, once it is seen to pass with every protection in place."""
    failed = _FAILED.findall(output)
    if code is None:
        return "it hangs"
    if code != 1 or not failed:
        return ""
    sound = any(run_tests(copy, failed[:1])[0] == 0 for _ in range(TRIES))
    return failed[0] if sound else ""


def run_tests(copy: Path, tests: Iterable[str]) -> tuple[int | None, str]:
    """The exit status of these tests in the copy (None when they did not end in time) and what they printed."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("FRONTDESK_LONG", None)
    environment.pop("PYTEST_XDIST_TESTRUNUID", None)
    # The first failure is enough, and a test that breaks by itself has not noticed anything: -x, and FAILED only.
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--timeout", "60",
               "--tb", "line", *tests]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired as late:
        return None, str(late.stdout or "")
    return done.returncode, done.stdout + done.stderr


def table(found: Iterable[Noticed]) -> str:
    """A table in Markdown: protection, where it stands, noticed by."""
    rows = [
        f"| {one.protection.name} | `{one.protection.path}` | {f'`{one.by}`' if one.by else '**nobody**'} |"
        for one in found
    ]
    return "\n".join(["| without | in | noticed by |", "| --- | --- | --- |", *rows])


def main(words: list[str]) -> int:
    """The whole run; the exit status."""
    chosen = [one for one in PROTECTIONS if not words or any(word in one.name for word in words)]
    found: list[Noticed] = []
    with copied_tree() as copy:
        for protection in chosen:
            found.append(without(copy, protection))
            last = found[-1]
            print(f"{last.seconds:6.1f} s  {protection.name}: {last.by or 'NOBODY'}", flush=True)
    missed = [one for one in found if not one.by]
    print(f"\n{table(found)}\n\n{len(found) - len(missed)} of {len(found)} noticed")
    for one in missed:
        print(f"\n{one.protection.name}\n{one.output[-2000:]}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
