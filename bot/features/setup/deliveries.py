"""What leaves after a change: the line in the triage channel, and a look at channels and user groups."""

from bot.feature import Deps
from bot.features.setup.views import words
from bot.outbox.delivery import Delivery, Entry, Ref, Send
from bot.outbox.outcomes import Stale
from bot.slack.blocks import Message
from bot.slack.places import trouble_with
from bot.slack.posting import Post, post_delivery
from bot.teams.domain import Team
from bot.teams.store import all_teams


class Deliveries:
    """Outgoing work of the settings."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def all(self) -> dict[str, Delivery]:
        slack = self._deps.slack
        return {
            "setup.told": post_delivery(slack, self._told, rather="once"),
            "setup.places": post_delivery(slack, self._places, rather="once"),
            "setup.groups": Delivery(prepare=self._groups, rather="delivered"),
        }

    async def _team(self, entry: Entry) -> Team:
        # Not from memory: a team of a second ago may not be in it yet.
        teams = await self._deps.transactions.read(all_teams)
        team = next((team for team in teams if team.id == entry.payload["team_id"]), None)
        if team is None:
            raise Stale("the team is gone")
        return team

    async def _told(self, entry: Entry) -> Post:
        team = await self._team(entry)
        return Post(message=_message(entry, team), channel=entry.payload.get("channel", team.triage_channel))

    async def _places(self, entry: Entry) -> Post:
        """To whoever set the channels, where the bot is not in all of them."""
        team = await self._team(entry)
        asked = (one.channel for one in team.standups)
        channels = dict.fromkeys((*team.channels, *(team.ticket_emoji_channels or ()), *asked))
        looked = [(channel, await trouble_with(self._deps.slack, channel)) for channel in channels]
        wrong = [(channel, why) for channel, why in looked if why is not None]
        if not wrong or not team.active:
            raise Stale("nothing is missing")
        return Post(message=words.places_missing(team.name, wrong), to_user=entry.payload["who"])

    async def _groups(self, entry: Entry) -> Send:
        async def send() -> Ref:
            await self._deps.directory.refresh_groups(self._deps.clock.now())
            return {}

        return send


def _message(entry: Entry, team: Team) -> Message:
    told = entry.payload
    match told["what"]:
        case "created":
            return words.created(told["who"], team.name)
        case "removed":
            return words.removed(told["who"], team.name)
        case "released":
            return words.released(told["who"], told["file"])
        case "moved":
            return words.moved(told["who"], team.name, team.triage_channel)
        case _:
            return words.changed(told["who"], told["keys"])
