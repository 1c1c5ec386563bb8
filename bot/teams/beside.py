"""Several teams beside each other: one checked among the others, and what two of them both claim.

Paths in problems are those of the teams file; what is wrong with other teams than the one that is asked about is
not told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.teams.export import as_in_file
from bot.teams.file import TEAM_KEYS, check_between, read_team
from bot.teams.reader import Problems, Table
from bot.teams.yaml_tree import MapNode, Node, Scalar, Unreadable, node_of

Settings = Mapping[str, Any]

_OURS = "this team"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong under one key of a team, such as `working_hours.to`, in the words of the file's reader."""

    path: str
    words: str

    @property
    def key(self) -> str:
        """The key of the team that it lies under."""
        return self.path.partition(".")[0].partition("[")[0]


def checked(said: Settings, *, beside: Sequence[Settings]) -> tuple[dict[str, Any], list[Problem]]:
    """One team as the file's reader takes it, and every problem with it; with problems it means nothing.

    `said` is what would stand in the file, `beside` the stored settings of the other teams.
    """
    nodes, unreadable = _nodes(said)
    problems = Problems(file="")
    ours = Table(MapNode(line=1, entries=tuple(nodes)), _OURS, problems, TEAM_KEYS)
    settings = read_team(ours)
    others = [_table(one) for one in beside]
    check_between([*(read_team(one) for one in others), settings], [*others, ours])
    broken = {problem.key for problem in unreadable}
    told = [Problem(path=path.removeprefix(f"{_OURS}."), words=words) for path, words in problems.places]
    return settings, unreadable + [problem for problem in told if problem.key not in broken]


def clashes(settings: Sequence[Settings], *, beside: Sequence[Settings]) -> list[str]:
    """What these teams claim though one of the others has it already, a line each. All of them are stored settings."""
    if not beside:
        return []
    others, ours = [_table(one) for one in beside], [_table(one) for one in settings]
    teams = [read_team(table) for table in (*others, *ours)]
    for table in ours:
        table.problems.places.clear()
    check_between(teams, [*others, *ours])
    return [f"{path}: {words}" for table in ours for path, words in table.problems.places]


def _table(settings: Settings) -> Table:
    node = node_of(as_in_file(settings))
    assert isinstance(node, MapNode)  # as_in_file returns a mapping.
    return Table(node, f"team {settings['key']}", Problems(file=""), TEAM_KEYS)


def _nodes(said: Settings) -> tuple[list[tuple[Scalar, Node]], list[Problem]]:
    nodes: list[tuple[Scalar, Node]] = []
    unreadable: list[Problem] = []
    for key, value in said.items():
        try:
            nodes.append((Scalar(line=1, text=key, is_null=False), node_of(value)))
        except Unreadable as error:
            unreadable.append(Problem(path=key, words=error.words))
    return nodes, unreadable
