"""The user group and the channel's topic show who is on duty; what people wrote there is left alone."""

from dataclasses import replace
from typing import Any

from bot.core.wire import inner
from bot.feature import Deps
from bot.features.rotation.domain import Shift
from bot.features.rotation.standing import zone_of
from bot.features.rotation.store import standing as store
from bot.features.rotation.views import notices
from bot.outbox.delivery import Delivery, Entry
from bot.outbox.outcomes import Stale
from bot.slack.mrkdwn import unescape
from bot.slack.posting import call_delivery
from bot.teams.domain import Team

# Out of the channel the topic stays as it is: cards and pings tell the same.
TOPIC_DONE = frozenset(
    {"not_in_channel", "channel_not_found", "is_archived", "method_not_supported_for_channel_type",
     "restricted_action"}
)  # fmt: skip


class Places:
    """Outgoing calls that show who is on duty."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "rotation.group": call_delivery(slack, self._group, rather="delivered"),
            "rotation.topic": call_delivery(slack, self._topic, rather="delivered", done_when=TOPIC_DONE),
        }

    async def _group(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """The group holds exactly who is on duty (Slack, "usergroups.users.update": never empty)."""
        group = entry.payload["group"]
        teams = [
            team
            for team in (await self._deps.directory.teams()).active
            if team.rotation and team.rotation.user_group == group
        ]
        people: set[str] = set()
        for team in teams:
            shift = await self._on_duty(team)
            people |= {shift.person} if shift else set()
        if not people:
            raise Stale("nobody is on duty: Slack takes no empty group")
        answer = await self._deps.slack.call("usergroups.users.list", usergroup=group)
        if people == {str(user_id) for user_id in answer.get("users") or ()}:
            raise Stale("they are in it already")
        return "usergroups.users.update", {"usergroup": group, "users": ",".join(sorted(people))}

    async def _on_duty(self, team: Team) -> Shift | None:
        now = self._deps.clock.now()
        standing = await self._deps.transactions.read(store.of_team, team, now - store.LATELY)
        shift = standing.on_duty(now) if standing else None
        return replace(shift, end=standing.until(shift)) if standing and shift else None

    async def _topic(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        """Ours, where there is none or one of ours; empty again where none is wanted any more."""
        channel = entry.payload["channel"]
        team = (await self._deps.directory.teams()).of_triage_channel(channel)
        topic = inner(
            inner(await self._deps.slack.call("conversations.info", channel=channel), "channel"), "topic"
        )
        present = str(topic.get("value") or "")
        me = await self._deps.slack.who_am_i()
        if present and topic.get("creator") != me.user_id:
            raise Stale("somebody else's topic stands there")
        wanted = await self._wanted(team) if team and team.active and team.rotation else ""
        if _bare(wanted) == _bare(present):
            raise Stale("it says so already")
        return "conversations.setTopic", {"channel": channel, "topic": wanted}

    async def _wanted(self, team: Team) -> str:
        if team.rotation is None or not team.rotation.topic:
            return ""
        shift = await self._on_duty(team)
        name = (await self._deps.directory.person(shift.person)).name if shift else ""
        return notices.topic(shift, name, zone_of(team))


def _bare(topic: str) -> str:
    # Slack gives topics back with its own escapes.
    return " ".join(unescape(topic).split())
