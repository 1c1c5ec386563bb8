"""PgBouncer before a Postgres of the tests, with few connections of its own, so that they change hands all the time."""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import make_url

from tests.support.haproxy import free_ports
from tests.support.proxy import answers
from tests.support.waiting import until

CONNECTIONS = 4


def find_pgbouncer() -> str:
    """The program; the test is skipped where there is none, which in CI is a failure."""
    found = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("no pgbouncer here: install the package pgbouncer")
    return found


@asynccontextmanager
async def pgbouncer_before(
    database_url: str, directory: Path, *, pooling: Literal["session", "transaction"]
) -> AsyncIterator[str]:
    """DATABASE_URL of the way through it, for as long as the block runs."""
    url = make_url(database_url)
    there = url.query.get("host") or url.host or "127.0.0.1"
    (port,) = free_ports(1)
    password = f" password={url.password}" if url.password else ""
    settings = directory / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{url.database} = host={there} port={url.port or 5432} user={url.username}{password}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n"
        f"pool_mode = {pooling}\ndefault_pool_size = {CONNECTIONS}\nmax_client_conn = 200\n"
        "ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout\n"
    )
    # It does not run as root; whoever runs the server can reach it.
    settings.chmod(0o644)
    owner = Path(there).owner() if isinstance(there, str) and there.startswith("/") else "nobody"
    user = ["-u", owner] if os.geteuid() == 0 else []
    descriptor = os.open(settings, os.O_RDONLY)
    process = await asyncio.create_subprocess_exec(
        find_pgbouncer(), "-q", *user, f"/dev/fd/{descriptor}", pass_fds=[descriptor], stdout=DEVNULL, stderr=DEVNULL
    )  # fmt: skip
    try:
        await until(lambda: answers(port))
        yield f"postgresql://{url.username}@127.0.0.1:{port}/{url.database}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        os.close(descriptor)
