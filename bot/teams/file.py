"""The teams file: YAML in, checked settings out; every problem at once, each with file, line and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError
from bot.teams import checks, file_parts, file_rotation, file_standups
from bot.teams.domain import SplitOfWork, Team
from bot.teams.file_parts import Settings
from bot.teams.reader import Problems, Table
from bot.teams.settings import team_of
from bot.teams.yaml_tree import MapNode, Scalar, Unreadable, parse

MAX_BYTES = 1_000_000
# Slack's menus hold at most 100 options: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
MAX_COMPONENTS = 100

TEAM_KEYS = (
    "key", "name", "lead", "members", "user_group", "timezone", "working_hours", "triage_channel",
    "intake_channels", "ticket_emoji", "ticket_emoji_channels", "components", "sources", "priority_rules",
    "split_of_work", "max_open", "claim_within", "idle_claim", "rotation", "standups", "holidays", "people", "jira",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class TeamsFile:
    """A file in which nothing is wrong: each team's settings as plain values, in the order of the file.

    `name` is the file's name as it was given.
    """

    settings: tuple[Mapping[str, Any], ...]
    name: str = field(default="a teams file", compare=False)

    @property
    def teams(self) -> tuple[Team, ...]:
        """The teams; none has an id yet."""
        return tuple(team_of(settings) for settings in self.settings)


def read_file(path: Path) -> TeamsFile:
    """The file's teams. Raises ConfigError with one line for each problem."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise ConfigError(f"{path}: is too large: at most 1 MB is read")
    try:
        return read_text(raw.decode("utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: is not UTF-8 text: save it as UTF-8") from error


def read_text(text: str, file: str) -> TeamsFile:
    """The teams of this text; `file` is its name in the problems. Raises ConfigError."""
    try:
        node = parse(text)
    except Unreadable as error:
        raise ConfigError(f"{file}{f':{error.line}' if error.line else ''}: {error.words}") from error
    if node is None or (isinstance(node, Scalar) and node.is_null):
        raise ConfigError(f"{file}: is empty: begin with teams: and list your teams below")
    if not isinstance(node, MapNode):
        raise ConfigError(f"{file}:{node.line}: must begin with teams: and list your teams below")
    problems = Problems(file=file)
    top = Table(node, "", problems, ("teams",))
    if not top.has("teams") and not problems.found:
        problems.add("teams", "is missing: list your teams below it")
    tables = top.tables("teams", TEAM_KEYS)
    teams = [read_team(table) for table in tables]
    check_between(teams, tables)
    if problems.found:
        raise ConfigError(*problems.report())
    return TeamsFile(settings=tuple(teams), name=file)


def read_team(table: Table) -> Settings:
    """One team's settings as plain values; what is wrong is in the table's problems."""
    components = table.values("components", checks.line(checks.OPTION), most=MAX_COMPONENTS)
    team: Settings = {
        "key": table.value("key", checks.key, None, required="a short word such as payments"),
        "name": table.value("name", checks.line(checks.OPTION), None, required="the team's name"),
        "lead": table.value("lead", checks.user_id, None, required="the id of the person who leads it"),
        "members": _members(table),
        "user_group": table.value("user_group", checks.group_id, None),
        "timezone": table.value("timezone", checks.zone, None, required="a name such as Europe/Kyiv"),
        "working_hours": file_parts.working_hours(table),
        "triage_channel": table.value(
            "triage_channel", checks.channel_id, None, required="the id of the channel with the team's cards"
        ),
        "intake_channels": table.values("intake_channels", checks.channel_id),
        "ticket_emoji": table.value("ticket_emoji", checks.emoji, "ticket"),
        "ticket_emoji_channels": _emoji_channels(table),
        "components": components,
        "sources": file_parts.sources(table),
        "priority_rules": file_parts.priority_rules(table, components),
        "split_of_work": table.value("split_of_work", checks.one_of(SplitOfWork), str(SplitOfWork.PULL)),
        "max_open": table.value("max_open", checks.number(1, 1000), None),
        "claim_within": file_parts.claim_within(table),
        "idle_claim": table.value("idle_claim", checks.working_days, "3d"),
        "rotation": file_rotation.rotation(table),
        "standups": file_standups.standups(table),
        "holidays": file_standups.holidays(table),
        "people": file_standups.people(table),
        "jira": file_parts.jira(table),
    }
    _check_team(team, table)
    return team


def _members(table: Table) -> list[str]:
    members = table.values("members", checks.user_id)
    if table.has("members") and table.has("user_group"):
        table.problems.add(table.at("user_group"), "stands beside members: keep one of the two")
    elif not table.has("members") and not table.has("user_group"):
        table.problems.add(table.at("members"), "is missing: write who belongs to the team, or a user_group")
    elif table.has("members") and not members:
        table.problems.add(table.at("members"), "names nobody: write who belongs to the team")
    return members


def _emoji_channels(table: Table) -> list[str] | None:
    if not table.has("ticket_emoji_channels"):
        return None
    return table.values("ticket_emoji_channels", checks.channel_id)


def _check_team(team: Settings, table: Table) -> None:
    problems = table.problems
    if team["triage_channel"] is not None and team["triage_channel"] in team["intake_channels"]:
        words = "is the triage channel: every word there would become a request"
        problems.add(table.place("intake_channels", team["triage_channel"]), words)
    if team["standups"] and len(team["members"]) > file_standups.MAX_MEMBERS:
        words = f"has {len(team['members'])} people: check-ins take at most {file_standups.MAX_MEMBERS}"
        problems.add(table.at("members"), words)
    rotation: Settings | None = team["rotation"]
    if rotation is None:
        if team["split_of_work"] == SplitOfWork.ON_DUTY and not table.has("rotation"):
            problems.add(table.at("split_of_work"), "on_duty needs a rotation: add one, or write pull")
        return
    _check_rotation(team, rotation, table)


def _check_rotation(team: Settings, rotation: Settings, table: Table) -> None:
    path = table.at("rotation")
    known = {*team["members"], team["lead"]}
    for number, member in enumerate(rotation["members"]):
        if team["members"] and member not in known:
            table.problems.add(f"{path}.members[{number}]", f"{member} is not a member of the team")
    group = rotation["user_group"]
    if group is not None and group == team["user_group"]:
        words = f"{group} is the team's own group: it would be left with one person; name another"
        table.problems.add(f"{path}.user_group", words)


def check_between(teams: Sequence[Settings], tables: Sequence[Table]) -> None:
    """What only one team may have is told in the problems of each later team that has it too."""
    taken: dict[tuple[str, str], str] = {}
    for team, table in zip(teams, tables, strict=True):
        for kind, path, value in _unique_values(team, table):
            first = taken.setdefault((kind, value.casefold()), path)
            if not _same_team(first, path):
                table.problems.add(path, f"{checks.show(value)} is also {first}: {_WHY[kind]}")


_WHY = {
    "word": "each team needs its own key and name",
    "channel": "a channel belongs to one team",
    "group": "a group follows one rotation",
}


def _unique_values(team: Settings, table: Table) -> list[tuple[str, str, str]]:
    rotation: Settings = team["rotation"] or {}
    channels: list[str] = team["intake_channels"]
    found: list[tuple[str, str, str | None]] = [
        ("word", table.at("key"), team["key"]),
        ("word", table.at("name"), team["name"]),
        ("channel", table.at("triage_channel"), team["triage_channel"]),
        *(("channel", table.place("intake_channels", channel), channel) for channel in channels),
        ("group", table.at("rotation.user_group"), rotation.get("user_group")),
    ]
    return [(kind, path, value) for kind, path, value in found if value is not None]


def _same_team(first: str, second: str) -> bool:
    return first.partition(".")[0] == second.partition(".")[0]
