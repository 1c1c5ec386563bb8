"""What every test may ask for: databases (SQLite and Postgres), official specifications, strictness in CI.

Fixtures of one room live in that room's own conftest.
"""

import gc
import importlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from subprocess import SubprocessError

import pytest
import structlog
from aiohttp import web_app
from asyncpg import PostgresError

from bot.db.engine import Database
from tests.support.long_run import IS_LONG
from tests.support.postgres import PostgresServer, create_tables, running_postgres
from tests.support.waiting import PATIENT

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

_DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 4 * 2**30


def pytest_configure() -> None:
    """Loads every table, so that a database made for a test has them all; files of tests go to memory."""
    _work_in_memory()
    _draw_no_traces()
    for path in sorted((ROOT / "bot").rglob("models.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def _draw_no_traces() -> None:
    # A trace drawn with every local variable, as is usual without `set_up`, takes seconds.
    lines = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    kept = structlog.get_config()["processors"][:-1]
    structlog.configure(processors=[*kept, lines])


def _work_in_memory() -> None:
    # Thousands of small databases wait for a disk that others use too; a stall of two seconds is an outage to us.
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < MEMORY_NEEDED:
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None


def pytest_sessionstart() -> None:
    """A test leaves some ten thousand objects behind: looking for cycles at every seven hundred takes a tenth of it all."""
    gc.set_threshold(50_000, 10, 10)


def pytest_runtest_teardown() -> None:
    """Lets go of the servers of a test: aiohttp remembers the last thousand that answered, with all behind them."""
    web_app._cached_build_middleware.cache_clear()  # pyright: ignore[reportPrivateUsage]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of tests marked `by_turns` the short run takes every other case on SQLite, the rest on Postgres."""
    if IS_LONG:
        return
    cases: dict[str, int] = {}
    left: list[pytest.Item] = []
    for item in items:
        if item.get_closest_marker("by_turns") is not None and not _is_its_turn(item, cases):
            left.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _is_its_turn(item: pytest.Item, cases: dict[str, int]) -> bool:
    assert isinstance(item, pytest.Function)
    # A mark of a whole file also stands on tests that have no database, or one of their own.
    backend = item.callspec.params.get("backend") if hasattr(item, "callspec") else None
    if backend is None:
        return True
    number = cases.setdefault(item.nodeid.replace(str(backend), ""), len(cases))
    return (number % 2 == 0) == (backend == "sqlite")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """In CI nothing may be skipped: a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, but in CI every test must run: {reason}"


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """The same for whole modules that skip themselves."""
    outcome = yield
    report = outcome.get_result()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    if IN_CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"Skipped, but in CI every module must run: {report.longrepr}"


@pytest.fixture(scope="session")
def specs() -> Path:
    """The directory with Slack's and Jira's official specifications."""
    path = Path(os.environ.get("FRONTDESK_SPECS", ROOT.parent / "shared")).resolve()
    if not (path / "slack" / "web-api.json").is_file():
        pytest.skip(f"no specifications in {path}: set FRONTDESK_SPECS")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running Postgres server, shared by the whole run."""
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"single-{os.getpid()}")
    with ExitStack() as running:
        try:
            server = running.enter_context(running_postgres(run_id[:20]))
        except (OSError, RuntimeError, ValueError, SubprocessError, PostgresError) as error:
            pytest.skip(f"Postgres cannot start here: {error!r}")
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has every table, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(params=_DATABASES)
def backend(request: pytest.FixtureRequest) -> str:
    """`sqlite` and `postgres`, one after the other."""
    return request.param


@pytest.fixture
def empty_database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a database without any table, on SQLite and on Postgres."""
    yield from _database_url(backend, request, tmp_path, with_tables=False)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a database with every table and no rows, on SQLite and on Postgres."""
    yield from _database_url(backend, request, tmp_path, with_tables=True)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The open database with every table and no rows, on SQLite and on Postgres."""
    opened = Database(database_url, longest_wait=PATIENT)
    yield opened
    await opened.close()


def _database_url(
    backend: str, request: pytest.FixtureRequest, directory: Path, *, with_tables: bool
) -> Iterator[str]:
    if backend == "sqlite":
        path = directory / "frontdesk.db"
        if with_tables:
            shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create(with_tables=with_tables)
    yield server.url_of(name)
    if with_tables:
        server.give_back(name)
    else:
        server.drop(name)
