"""After the app was removed everything goes when its time is over, and nothing goes by mistake."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from bot.db.base import metadata
from bot.db.engine import Database
from bot.features.requests.models import requests
from bot.installation.models import installations
from bot.privacy.grace import erase_all
from tests.privacy.make import ANA, AT, fill

pytestmark = pytest.mark.by_turns

MONTH = timedelta(days=30)
OVER = AT + MONTH


def _rows(connection: Connection) -> int:
    return sum(
        connection.scalar(select(func.count()).select_from(one)) or 0 for one in metadata.sorted_tables
    )


def _removed(connection: Connection, token: str | None, at: datetime | None) -> None:
    values: dict[str, Any] = {"seat": 1, "sealed_token": token, "uninstalled_at": at}
    connection.execute(update(installations).values(**values))


async def test_when_the_time_is_over_every_table_is_empty(database: Database) -> None:
    await database.write(fill, ANA)

    def duplicates(connection: Connection) -> None:
        one = dict(connection.execute(select(requests)).mappings().one())
        other = one | {"id": 7, "number": 7, "origin_ts": "7", "filed_key": "7", "duplicate_of": 1}
        connection.execute(insert(requests).values(**other))
        connection.execute(update(requests).where(requests.c.id == 1).values(duplicate_of=7))

    await database.write(duplicates)
    await database.write(_removed, None, AT)
    assert await erase_all(database, OVER - timedelta(seconds=1), MONTH) == 0
    assert await erase_all(database, OVER, MONTH) > 0
    assert await database.read(_rows) == 0
    assert await erase_all(database, OVER, MONTH) == 0


@pytest.mark.parametrize(
    ("token", "at", "grace"),
    [
        pytest.param("sealed", AT, MONTH, id="installed again"),
        pytest.param(None, None, MONTH, id="only the token was taken back"),
        pytest.param(None, AT, timedelta(0), id="kept for good"),
    ],
)
async def test_nothing_goes_by_mistake(
    database: Database, token: str | None, at: datetime | None, grace: timedelta
) -> None:
    await database.write(fill, ANA)
    await database.write(_removed, token, at)
    before = await database.read(_rows)
    assert await erase_all(database, OVER + 10 * MONTH, grace) == 0
    assert await database.read(_rows) == before


async def test_without_an_installation_by_oauth_nothing_goes(database: Database) -> None:
    await database.write(fill, ANA)
    await database.write(lambda connection: connection.execute(installations.delete()))
    assert await erase_all(database, OVER + 10 * MONTH, MONTH) == 0
