"""`frontdesk privacy` as operators type it: JSON out, counts, no way back without a word."""

import json
import shutil
from pathlib import Path

import pytest

from bot.db.engine import Database
from bot.teams import apply, file
from tests.cli.conftest import Frontdesk
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


async def test_a_person_is_exported_looked_for_and_erased(frontdesk: Frontdesk, database: Database) -> None:
    out = await frontdesk("privacy", "export", ANA)
    told = json.loads(out.out)
    assert (out.code, told["person"]) == (0, ANA) and CANARY[ANA] in str(told["tables"]["requests"])
    looked = await frontdesk("privacy", "erase", ANA, "--dry-run")
    assert "requests: 1 row" in looked.out and "nothing was changed" in looked.out
    assert await database.read(places_of, CANARY[ANA])
    done = await frontdesk("privacy", "erase", ANA, "--yes")
    assert (done.code, ANA in done.err) == (0, False) and f"{ANA} is erased" in done.out
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
