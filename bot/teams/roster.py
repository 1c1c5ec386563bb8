"""All teams at one moment, with who is in which user group: questions about them, without any I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.teams import domain
from bot.teams.domain import Source, Team


@dataclass(frozen=True, kw_only=True)
class Teams:
    """A snapshot. `all` includes teams that were taken out of the file; `groups` maps people to user groups."""

    all: tuple[Team, ...]
    groups: Mapping[str, frozenset[str]]

    @property
    def active(self) -> tuple[Team, ...]:
        """The teams of the file, in its order."""
        return tuple(team for team in self.all if team.active)

    def get(self, id: int) -> Team | None:
        """The team of this id, active or not."""
        return next((team for team in self.all if team.id == id), None)

    def by_word(self, word: str, *, removed: bool = False) -> Team | None:
        """The active team of this key or name, whatever the case; with `removed` else one taken out of the file."""
        wanted = " ".join(word.split()).casefold()
        known = sorted(self.all, key=lambda team: not team.active) if removed else self.active
        return next((team for team in known if wanted in (team.key, team.name.casefold())), None)

    def only(self) -> Team | None:
        """The active team, where there is exactly one."""
        return self.active[0] if len(self.active) == 1 else None

    def of_channel(self, channel_id: str, *, removed: bool = False) -> Team | None:
        """The active team whose triage or intake channel this is; with `removed` also one taken out of the file."""
        candidates: Sequence[Team] = self.active
        if removed:
            candidates = sorted(self.all, key=lambda team: not team.active)
        return next((team for team in candidates if channel_id in team.channels), None)

    def of_triage_channel(self, channel_id: str) -> Team | None:
        """The team whose cards stand in this channel: the active one, else one taken out of the file."""
        ordered = sorted(self.all, key=lambda team: not team.active)
        return next((team for team in ordered if team.triage_channel == channel_id), None)

    def of_person(self, user_id: str) -> tuple[Team, ...]:
        """The active teams whose queue this person works."""
        return tuple(team for team in self.active if self.works_queue(team, user_id))

    def groups_of(self, user_id: str) -> frozenset[str]:
        """The known user groups of this person."""
        return self.groups.get(user_id, frozenset())

    def members_of(self, team: Team) -> tuple[str, ...]:
        """The team's members, from its list (in its order) or its user group (by id); the lead only if listed."""
        if team.user_group is None:
            return team.members
        return tuple(sorted(user for user, groups in self.groups.items() if team.user_group in groups))

    def is_member(self, team: Team, user_id: str) -> bool:
        """Whether this person is a member of the team."""
        return domain.is_member(team, user_id, self.groups_of(user_id))

    def works_queue(self, team: Team, user_id: str) -> bool:
        """Whether this person is a member of the team or its lead."""
        return domain.works_queue(team, user_id, self.groups_of(user_id))

    def source_of(self, team: Team, user_id: str, channel_id: str | None) -> Source:
        """As whom this person asks this team in this channel."""
        return domain.source_of(team, user_id, channel_id, self.groups_of(user_id))
