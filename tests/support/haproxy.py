"""HAProxy with the configuration that ships, in front of two addresses of this machine."""

import asyncio
import random
import shutil
import socket
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.proxy import answers
from tests.support.waiting import until

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "haproxy.cfg"
# Below the ports that the system gives away by itself: one that a stopped bot leaves is still free when it comes back.
LOWEST, HIGHEST = 20_000, 32_000


def find_haproxy() -> str:
    """The program; the test is skipped where there is none, which in CI is a failure."""
    found = shutil.which("haproxy") or shutil.which("haproxy", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("no haproxy here: install the package haproxy")
    return found


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on."""
    found: list[int] = []
    while len(found) < count:
        port = random.randint(LOWEST, HIGHEST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in found:
            found.append(port)
    return found


@asynccontextmanager
async def haproxy_before(a: int, b: int) -> AsyncIterator[str]:
    """The address of a proxy before the bots on these ports, for as long as the block runs."""
    (port,) = free_ports(1)
    environment = {
        "FRONTDESK_BIND": f"127.0.0.1:{port}",
        "FRONTDESK_A": f"127.0.0.1:{a}",
        "FRONTDESK_B": f"127.0.0.1:{b}",
    }
    process = await asyncio.create_subprocess_exec(
        find_haproxy(), "-db", "-f", str(CONFIGURATION), env=environment, stdout=PIPE, stderr=PIPE
    )
    talking = asyncio.create_task(process.communicate())
    try:
        await until(lambda: answers(port) or talking.done())
        if talking.done():
            raise AssertionError((await talking)[1].decode())
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await talking
