"""What the database holds of teams is said as a teams file, and read back to the very same."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.db.engine import Database
from bot.teams.apply import apply, dry_run
from bot.teams.beside import checked
from bot.teams.export import as_in_file, as_text
from bot.teams.file import TEAM_KEYS, TeamsFile, read_text
from tests.teams.make import changed, example, two_teams

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def again(file: TeamsFile) -> TeamsFile:
    return read_text(as_text(file.settings), "again.yml")


def test_what_was_read_is_said_and_read_again() -> None:
    assert again(two_teams()) == two_teams()


def test_what_is_usual_is_left_out() -> None:
    said = as_in_file(two_teams().settings[1])
    assert list(said) == ["key", "name", "lead", "user_group", "timezone", "triage_channel"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("every: week, on: monday", "every: 2 weeks, on: friday"),
        ("every: week, on: monday", "every: 5 weeks, on: friday"),
        ("every: week, on: monday", "every: month, on: 31"),
        ('every: week, on: monday, at: "10:00"', 'every: day, slots: ["08:00", "16:00"]'),
        ("starts: 2026-11-02", "starts: 2026-11-02\n      days: sat,sun\n      timezone: UTC\n      topic: false"),
        ("remind_before: 30m", "remind_before: never"),
        ("blocker_question: 3", "blocker_question: 1"),
        ("blocker_question: 3", "done_question: 2"),
        ("days: mon-fri\n        timezone: member", "monthly: [first monday, last friday]"),
        ("        open_for: 2h\n", "        every: week\n        starts: 2026-11-02\n"),
        ("sources:\n", "sources:\n      other: {users: []}\n"),
        ("# holidays: UA", "holidays: [UA, DE-BY]\n    people: {U0BOB00001: {holidays: PL}, U0ALICE001: {holidays: []}}"),
        ("labels: [from-slack]", 'fields: {"on": "null", Empty: [], "a: b #": ["~", "x"]}, unfurl: true'),
        ("# ticket_emoji_channels: [C0GENERAL1]", "ticket_emoji_channels: []"),
        ("[Billing, Checkout]", '["Billing", "no", "10:00", "yes: no # maybe", "-", "Ä 🎫 \\u2028", "null"]'),
    ],
)  # fmt: skip
def test_every_way_to_say_something_comes_back(old: str, new: str) -> None:
    file = read_text(changed(old, new), "teams.yml")
    assert again(file) == file


def test_a_meeting_comes_back() -> None:
    meeting = (
        '      - {name: Review, kind: meeting, at: "16:00", monthly: last friday, channel: C0STANDUP1,'
        " agenda: [Numbers], call: 'https://example.com/x', remind_before: 1h}\n    # In it also"
    )
    file = read_text(changed("\n    # In it also", "\n" + meeting), "teams.yml")
    assert again(file) == file


async def test_applying_what_was_exported_changes_nothing(database: Database) -> None:
    await database.write(apply, two_teams(), NOW)
    assert await database.read(dry_run, again(two_teams())) == []


_PEOPLE = st.lists(st.sampled_from(["U0A", "U0B", "W0C"]), unique=True)
_CHANNELS = st.lists(st.sampled_from(["C0A", "C0B", "G0C"]), unique=True)
_LENGTHS = st.sampled_from(["5m", "15m", "90m", "1h", "4h", "2d", "1w"])
_TIMES = st.sampled_from(["00:00", "08:30", "09:00", "18:00", "23:59"])
_DAYS = st.sampled_from(["mon-fri", "mon-sun", "sat,sun", "mon,wed-fri"])
_WORDS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u202a\u202b\u202c\u202d\u202e"),
    min_size=1,
    max_size=20,
)
_PRIORITIES = st.sampled_from(["urgent", "high", "normal", "low"])


def _some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


_CHECKINS = st.fixed_dictionaries(
    {"name": _WORDS, "at": _TIMES, "channel": st.just("C0S"), "questions": st.lists(_WORDS, min_size=1, max_size=4)},
    optional={
        "days": _DAYS,
        "timezone": st.sampled_from(["member", "team"]),
        "open_for": _LENGTHS,
        "remind_before": st.sampled_from(["never", "5m", "30m"]),
        "blocker_question": st.integers(1, 4),
        "done_question": st.integers(1, 4),
        "plan_question": st.integers(1, 4),
        "follow_ups": st.lists(st.fixed_dictionaries({"after": st.integers(1, 4), "ask": _WORDS}, optional={"when": st.lists(_WORDS)}), max_size=2),
        "opens": st.sampled_from(["same day", "day before"]),
        "summary": st.sampled_from(["each", "weekly"]),
        "digest": st.booleans(),
        "anonymous": st.booleans(),
    },
)  # fmt: skip
_TEAMS = st.fixed_dictionaries(
    {"key": st.just("payments"), "name": _WORDS, "lead": st.just("U0L"), "members": _PEOPLE,
     "timezone": st.sampled_from(["UTC", "Europe/Kyiv"]), "triage_channel": st.just("C0T")},
    optional={
        "working_hours": st.fixed_dictionaries({"from": _TIMES, "to": _TIMES}, optional={"days": _DAYS}),
        "intake_channels": _CHANNELS,
        "ticket_emoji": st.sampled_from(["ticket", "sos"]),
        "ticket_emoji_channels": _CHANNELS,
        "components": st.lists(_WORDS, unique=True, max_size=4),
        "sources": _some(management=_some(users=_PEOPLE, channels=_CHANNELS), other=_some(users=_PEOPLE)),
        "priority_rules": st.lists(st.fixed_dictionaries({"when": _some(type=st.just("bug"), urgency=_PRIORITIES), "priority": _PRIORITIES}), max_size=3),
        "split_of_work": st.sampled_from(["pull", "round_robin", "lead_assigns"]),
        "max_open": st.integers(1, 1000),
        "claim_within": _some(urgent=_LENGTHS, low=_LENGTHS),
        "idle_claim": st.sampled_from(["1d", "3d", "60d"]),
        "standups": st.lists(_CHECKINS, max_size=2),
        "holidays": st.lists(st.sampled_from(["UA", "PL", "DE-BY"]), unique=True),
        "jira": st.fixed_dictionaries({"project": st.just("PAY")}, optional={"issue_type": _WORDS, "components": st.lists(_WORDS, unique=True), "unfurl": st.booleans()}),
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(_TEAMS)
def test_any_team_comes_back(said: dict[str, Any]) -> None:
    found, problems = checked(said, beside=[])
    if not problems:
        file = TeamsFile(settings=(found,))
        assert again(file) == file


def test_the_export_knows_every_key_of_a_team() -> None:
    full = (
        example()
        .replace("# ticket_emoji_channels", "ticket_emoji_channels")
        .replace("# max_open", "max_open")
        .replace("# retention", "retention")
    )
    said = as_in_file(read_text(full.replace("# holidays: UA", "holidays: UA\n    people: {U0BOB00001: {holidays: PL}}"), "x").settings[0])  # fmt: skip
    usual = {"user_group", "working_hours", "ticket_emoji", "split_of_work", "claim_within", "idle_claim"}
    assert set(said) == set(TEAM_KEYS) - usual
