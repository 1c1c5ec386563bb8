"""`frontdesk privacy` as operators type it: JSON out, counts, no way back without a word."""

import asyncio
import json
import shutil
import sys
from pathlib import Path

import pytest

from bot.db.engine import Database
from bot.teams import apply, file
from tests.cli.conftest import ONE_AFTER_THE_OTHER, environment
from tests.cli.demos import Refused
from tests.privacy.make import ANA, AT, CANARY, fill, places_of


@pytest.fixture
async def database(tmp_path: Path, sqlite_template: Path, teams_file: Path) -> Database:
    """A database with something of Ana's in every place, and a team that she is not in."""
    path = shutil.copyfile(sqlite_template, tmp_path / "frontdesk.db")
    opened = Database(f"sqlite:///{path}")
    await opened.write(fill, ANA)
    await opened.write(apply.apply, file.read_file(teams_file), AT)
    return opened


async def _typed(database: Database, *lines: tuple[str, ...]) -> list[tuple[int | None, str, str]]:
    """What each of these commands ended with, said and complained, all in one process."""
    address = str(database.url.set(drivername="sqlite"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ONE_AFTER_THE_OTHER, json.dumps(lines),
        env=environment(DATABASE_URL=address), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 50)
    return [(code, said, complaint) for code, said, complaint in json.loads(out)]


async def test_a_person_is_exported_looked_for_and_erased(database: Database) -> None:
    export, dry_run, again, erased, nothing = await _typed(
        database,
        ("privacy", "export", ANA),
        ("privacy", "erase", ANA, "--dry-run"),
        ("privacy", "erase", ANA, "--dry-run"),
        ("privacy", "erase", ANA, "--yes"),
        ("privacy", "erase", ANA, "--dry-run"),
    )
    told = json.loads(export[1])
    assert told["person"] == ANA and CANARY[ANA] in str(told["tables"]["requests"])
    assert "requests: 1 row" in dry_run[1] and "nothing was changed" in dry_run[1]
    assert again == dry_run
    assert (erased[0], ANA in erased[2]) == (0, False) and f"{ANA} is erased" in erased[1]
    assert f"nothing of {ANA} is kept" in nothing[1]
    assert await database.read(places_of, ANA, CANARY[ANA]) == []
    await database.close()


async def test_what_cannot_be_done_is_refused_in_one_line(refused: Refused, database: Database) -> None:
    await database.close()
    told = await refused(
        ("privacy", "erase", ANA),
        ("privacy", "erase", ANA, "--yes", "--dry-run"),
        ("privacy", "export", "ana"),
        ("privacy", "erase", "U0LEAD0001", "--yes"),
        DATABASE_URL=str(database.url.set(drivername="sqlite")),
    )
    for line, words in zip(
        told, ("--dry-run", "--dry-run", "ana is not the id", "payments: lead"), strict=True
    ):
        assert words in line
