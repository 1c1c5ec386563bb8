"""`migrate`, `apply` and `export` on a database of their own."""

from pathlib import Path

from tests.cli.conftest import Frontdesk

ROTATION = """    rotation:
      members: [U0ALICE001, U0BOB00001]
      handoff: {every: week, on: monday, at: "10:00"}
      starts: 2026-11-02
"""


async def test_migrate_says_what_it_did_and_then_that_nothing_is_left(frontdesk: Frontdesk) -> None:
    first, second = await frontdesk("migrate"), await frontdesk("migrate")
    assert (first.code, second.code) == (0, 0)
    assert "up to date now" in first.out
    assert "nothing to do" in second.out


async def test_migrate_works_on_sqlite_and_postgres(frontdesk: Frontdesk, empty_database_url: str) -> None:
    ended = await frontdesk("migrate", DATABASE_URL=empty_database_url)
    assert (ended.code, ended.err) == (0, "")


async def test_apply_before_migrate_says_what_to_do_first(frontdesk: Frontdesk, teams_file: Path) -> None:
    ended = await frontdesk("apply", str(teams_file))
    assert ended.code == 2
    assert "frontdesk migrate" in ended.err


async def test_apply_names_what_changes_and_the_second_run_changes_nothing(
    frontdesk: Frontdesk, teams_file: Path
) -> None:
    await frontdesk("migrate")
    first, second = await frontdesk("apply", str(teams_file)), await frontdesk("apply", str(teams_file))
    assert "added team payments" in first.out
    assert "nothing changes" in second.out


async def test_exported_teams_are_a_file_that_changes_nothing(
    frontdesk: Frontdesk, teams_file: Path, tmp_path: Path
) -> None:
    await frontdesk("migrate")
    await frontdesk("apply", str(teams_file))
    again = tmp_path / "again.yml"
    again.write_text((await frontdesk("export", "teams")).out, encoding="utf-8")
    assert "nothing changes" in (await frontdesk("apply", str(again))).out


async def test_a_dry_run_changes_nothing(frontdesk: Frontdesk, teams_file: Path) -> None:
    await frontdesk("migrate")
    for _ in range(2):
        ended = await frontdesk("apply", str(teams_file), "--dry-run")
        assert "added team payments" in ended.out


async def test_a_changed_rotation_is_shown_as_it_would_be(frontdesk: Frontdesk, teams_file: Path) -> None:
    await frontdesk("migrate")
    good = teams_file.read_text(encoding="utf-8") + ROTATION
    teams_file.write_text(good, encoding="utf-8")
    assert "10:00 to Mon" in (await frontdesk("apply", str(teams_file))).out
    teams_file.write_text(good.replace("10:00", "08:30"), encoding="utf-8")
    ended = await frontdesk("apply", str(teams_file), "--dry-run")
    first, *shifts = ended.out.splitlines()
    assert first == "changed team payments: rotation"
    assert len(shifts) == 11 and all("08:30 to Mon" in line for line in shifts[1:10])
    assert "dry run" in shifts[10]


async def test_a_bad_file_is_named_with_its_line_and_changes_nothing(
    frontdesk: Frontdesk, teams_file: Path
) -> None:
    await frontdesk("migrate")
    good = teams_file.read_text(encoding="utf-8")
    teams_file.write_text(good.replace("Europe/Kyiv", "Mars/Base"), encoding="utf-8")
    ended = await frontdesk("apply", str(teams_file))
    assert ended.code == 2
    assert "teams.yml:6" in ended.err
    teams_file.write_text(good, encoding="utf-8")
    assert "added team payments" in (await frontdesk("apply", str(teams_file))).out


async def test_a_file_that_is_not_there_is_said_in_one_line(frontdesk: Frontdesk, tmp_path: Path) -> None:
    await frontdesk("migrate")
    ended = await frontdesk("apply", str(tmp_path / "none.yml"))
    assert ended.code == 2
    assert ended.err.count("\n") == 1


async def test_a_database_that_is_away_is_said_in_one_line(frontdesk: Frontdesk) -> None:
    ended = await frontdesk("migrate", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert ended.code == 1
    assert "DATABASE_URL" in ended.err
    assert ended.err.count("\n") == 1


async def test_an_export_of_a_team_that_is_not_there_names_those_that_are(
    frontdesk: Frontdesk, teams_file: Path
) -> None:
    await frontdesk("migrate")
    await frontdesk("apply", str(teams_file))
    ended = await frontdesk("export", "requests", "--team", "paymants")
    assert ended.code == 2
    assert "payments" in ended.err


async def test_an_export_takes_any_dates(frontdesk: Frontdesk, teams_file: Path) -> None:
    await frontdesk("migrate")
    await frontdesk("apply", str(teams_file))
    ended = await frontdesk(
        "export", "requests", "--team", "payments", "--since", "0001-01-01", "--until", "9999-12-31",
        "--format", "json",
    )  # fmt: skip
    assert (ended.code, ended.out) == (0, "[]\n")
