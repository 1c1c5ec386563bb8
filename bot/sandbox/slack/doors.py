"""The two short-lived keys that Slack hands out with every interaction: trigger ids and response urls."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import SlackRefusal
from bot.sandbox.slack.world import TEAM_ID, World

TRIGGER_LIFE = timedelta(seconds=3)
RESPONSE_LIFE = timedelta(minutes=30)
RESPONSE_USES = 5


@dataclass(kw_only=True)
class Trigger:
    """Lets the bot open one form for one person, once, within 3 seconds of the interaction."""

    id: str
    person: str
    view_id: str
    issued: datetime
    used: bool = False


@dataclass(kw_only=True)
class ResponseUrl:
    """Lets the bot answer an interaction 5 times within 30 minutes, wherever it happened."""

    path: str
    person: str
    channel_id: str
    issued: datetime
    source: Message | None = None
    uses: int = 0


@dataclass(kw_only=True)
class Doors:
    """All trigger ids and response urls of the workspace."""

    world: World
    triggers: dict[str, Trigger] = field(default_factory=dict[str, Trigger])
    urls: dict[str, ResponseUrl] = field(default_factory=dict[str, ResponseUrl])
    trigger_life: timedelta = TRIGGER_LIFE

    def trigger(self, person: str, *, view_id: str = "") -> Trigger:
        """A fresh trigger id for what this person has just done."""
        number = self.world.serials.number()
        found = Trigger(
            id=f"{number}.{self.world.seconds()}.{self.world.serials.unique().replace('-', '')}",
            person=person,
            view_id=view_id,
            issued=self.world.clock.now(),
        )
        self.triggers[found.id] = found
        return found

    def use(self, trigger_id: str) -> Trigger:
        """Spend a trigger id (https://docs.slack.dev/interactivity/handling-user-interaction); raises Slack's refusals."""
        found = self.triggers.get(trigger_id)
        if found is None:
            raise SlackRefusal("invalid_trigger_id")
        if self.world.clock.now() - found.issued > self.trigger_life:
            raise SlackRefusal("expired_trigger_id")
        if found.used:
            raise SlackRefusal("exchanged_trigger_id")
        found.used = True
        return found

    def response_url(
        self, kind: str, person: str, channel_id: str, source: Message | None = None
    ) -> ResponseUrl:
        """A fresh response url; `kind` is `commands`, `actions` or `app`, as in Slack's addresses."""
        number = self.world.serials.number()
        path = f"{kind}/{TEAM_ID}/{number}/{self.world.serials.unique().replace('-', '')}"
        found = ResponseUrl(
            path=path, person=person, channel_id=channel_id, issued=self.world.clock.now(), source=source
        )
        self.urls[path] = found
        return found

    def spend(self, path: str) -> ResponseUrl:
        """Count one use; raises `expired_url` and `used_url` as Slack answers them."""
        found = self.urls.get(path)
        if found is None:
            raise SlackRefusal("no_such_url")
        if self.world.clock.now() - found.issued > RESPONSE_LIFE:
            raise SlackRefusal("expired_url")
        if found.uses >= RESPONSE_USES:
            raise SlackRefusal("used_url")
        found.uses += 1
        return found
