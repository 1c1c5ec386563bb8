"""Whose database a demo works on: none but an empty one or its own; what is somebody else's stays as it is."""

import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Frontdesk
from tests.cli.demos import HERE, Refused, Start, get, someones_file, tables_of
from tests.support.postgres import PostgresServer


async def test_what_is_somebody_elses_is_left_byte_for_byte(refused: Refused, tmp_path: Path) -> None:
    poems, letter = tmp_path / "poems.db", tmp_path / "letter.txt"
    letter.write_text("Dear Olga,\n" * 300, encoding="utf-8")
    before = someones_file(poems), letter.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        on_port, on_poems, _ = await refused(
            ("demo", "--no-browser", "--port", str(taken.getsockname()[1])),
            ("demo", *HERE, "--database", str(poems)),
            ("demo", *HERE, "--database", str(letter)),
        )
    assert "in use by another program" in on_port
    assert "--port" in on_port
    assert "is not a demo's, it holds poems" in on_poems
    assert (poems.read_bytes(), letter.read_bytes()) == before
    assert sorted(found.name for found in tmp_path.iterdir()) == [letter.name, poems.name]


async def test_a_real_bots_file_is_left_alone(frontdesk: Frontdesk, tmp_path: Path) -> None:
    assert (await frontdesk("migrate")).code == 0
    before = tables_of(tmp_path / "frontdesk.db")
    ended = await frontdesk("demo", *HERE, "--database", str(tmp_path / "frontdesk.db"))
    assert ended.code == 2
    assert "is not a demo's" in ended.err
    assert tables_of(tmp_path / "frontdesk.db") == before


async def test_tables_that_joined_a_demos_own_are_not_thrown_away(
    frontdesk: Frontdesk, own_file: Path
) -> None:
    someones_file(own_file)
    ended = await frontdesk("demo", *HERE, "--database", str(own_file))
    assert ended.code == 2
    assert "it holds poems" in ended.err
    assert "poems" in tables_of(own_file)


async def test_a_real_bot_at_home_in_a_demos_file_keeps_its_requests(
    frontdesk: Frontdesk, own_file: Path, tmp_path: Path
) -> None:
    teams = tmp_path / "teams.yml"
    teams.write_text(
        "teams: [{key: orders, name: Orders, lead: U0LEAD0001, members: [U0BOB00001], timezone: Europe/Kyiv,"
        " triage_channel: C0TRIAGE09}]",
        encoding="utf-8",
    )
    assert (await frontdesk("apply", str(teams), DATABASE_URL=f"sqlite:///{own_file}")).code == 0
    ended = await frontdesk("demo", *HERE, "--database", str(own_file))
    assert ended.code == 2
    assert "the team orders" in ended.err
    assert "teams" in tables_of(own_file)


# Named like the demo's own, and yet others.
LIKE_OURS = (
    "teams: [{key: payments, name: Orders, lead: U0LEAD0001, members: [U0BOB00001], timezone: Europe/Kyiv,"
    " triage_channel: C0TRIAGE09}]"
)


async def test_a_real_bot_with_teams_named_like_the_demos_keeps_its_requests(
    frontdesk: Frontdesk, own_file: Path, tmp_path: Path
) -> None:
    await _is_kept(frontdesk, tmp_path, database=str(own_file), url=f"sqlite:///{own_file}")
    assert "teams" in tables_of(own_file)


@pytest.mark.postgres
async def test_on_postgres_a_second_demo_is_sent_away_and_a_real_bot_keeps_its_requests(
    start: Start, frontdesk: Frontdesk, tmp_path: Path, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=False)
    url = postgres.url_of(name)
    demo = await start(*HERE, "--database", url)
    ended = await frontdesk("demo", *HERE, "--database", url)
    assert ended.code == 2
    assert "a demo is at work" in ended.err
    assert (await get(f"{demo.address}/control/state"))[0] == 200
    assert await demo.ended_by(signal.SIGTERM) == 0
    again = await start(*HERE, "--database", url)
    await again.ended_by(signal.SIGTERM)
    await _is_kept(frontdesk, tmp_path, database=url, url=url)
    postgres.drop(name)


async def _is_kept(frontdesk: Frontdesk, folder: Path, *, database: str, url: str) -> None:
    teams = folder / "teams.yml"
    teams.write_text(LIKE_OURS, encoding="utf-8")
    assert (await frontdesk("apply", str(teams), DATABASE_URL=url)).code == 0
    ended = await frontdesk("demo", *HERE, "--database", database)
    assert ended.code == 2
    assert "the team payments" in ended.err
    assert ended.err.count("\n") == 1


async def test_a_demos_own_file_of_any_name_is_emptied_at_the_next_start(
    start: Start, own_file: Path
) -> None:
    path = own_file.rename(own_file.with_name("50% of what? #1 ü.db"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO inbox (key, at) VALUES ('old', '2026-01-01 00:00:00')")
        connection.commit()
    await start(*HERE, "--database", str(path))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM inbox WHERE key = 'old'").fetchone() == (0,)


@pytest.mark.postgres
async def test_somebody_elses_postgres_database_is_left_alone(
    frontdesk: Frontdesk, postgres: PostgresServer
) -> None:
    name = postgres.create(with_tables=True)
    ended = await frontdesk("demo", *HERE, "--database", postgres.url_of(name))
    assert ended.code == 2
    assert "is not a demo's" in ended.err
    assert ended.err.count("\n") == 1
    postgres.give_back(name)
