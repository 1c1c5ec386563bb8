"""Commands as processes of their own that begin where Python and its libraries are loaded already.

Loading them takes longer than most commands; tests/cli/test_run.py and the demo's start from nothing.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

# Reads a line of JSON for each command, forks, and tells how its process ended.
_NURSERY = """
import gc, json, os, sys
import alembic.command, aiosqlite, asyncpg
import bot.bootstrap, bot.cli, bot.doctor, bot.letters, bot.migrate, bot.opening, bot.personal, bot.status

def be(order):
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    for number, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), number)
    sys.argv = ["frontdesk", *order["words"]]
    try:
        bot.cli.main()
    except SystemExit as end:
        return end.code or 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0

gc.freeze()
for line in sys.stdin:
    child = os.fork()
    if not child:
        code = be(json.loads(line))
        sys.stdout.flush()
        sys.stderr.flush()
        # Without taking all apart that was loaded, which takes longer than the command did.
        os._exit(code)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


class Nursery:
    """A process whose children are commands; one at a time."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _NURSERY],
            cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(30)

    def run(
        self, words: tuple[str, ...], folder: Path, environment: Mapping[str, str], out: Path, err: Path
    ) -> int:
        """The exit status of `frontdesk` with these words; what it wrote is in the two files."""
        order = {"words": words, "folder": str(folder), "environment": dict(environment),
                 "out": str(out), "err": str(err)}  # fmt: skip
        assert self._process.stdin and self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())
