"""One workspace's token by OAuth instead of SLACK_BOT_TOKEN: installed on a page, sealed in the database.

A slice like the features, but below them: none of them knows where the token comes from.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.core.logs import logger
from bot.core.wire import inner
from bot.feature import Deps, Feature, Job
from bot.installation.pages import INSTALL, REDIRECT, Pages
from bot.installation.sealing import Keyring
from bot.installation.standing import Standing
from bot.settings import Settings
from bot.slack import calls
from bot.slack.oauth import OAuthClient
from bot.slack.replies import Nothing, Reply

EVERY = timedelta(seconds=2)

log = logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The slice, and where the installation stands; None where SLACK_BOT_TOKEN is used."""

    feature: Feature
    standing: Standing | None


def build(deps: Deps, alarm: Callable[[str, str], None]) -> Installation:
    """Raises ConfigError for keys that are none. `alarm` tells the operators: a text and its dedup key."""
    if not deps.settings.by_oauth:
        return Installation(feature=Feature(name="installation", events=_events(None)), standing=None)
    standing = standing_of(deps, alarm)
    client = _client(deps.settings)
    only = deps.settings.slack_workspace_id
    database = deps.transactions.database
    pages = Pages(database, deps.slack, deps.clock, standing, client, only=only)
    feature = Feature(
        name="installation",
        events=_events(standing),
        pages={INSTALL: pages.install, REDIRECT: pages.back},
        jobs=(Job(name="installation", every=EVERY, run=standing.look),),
    )
    return Installation(feature=feature, standing=standing)


def standing_of(deps: Deps, alarm: Callable[[str, str], None]) -> Standing:
    """Where the installation stands, as one process knows it. Raises ConfigError for keys that are none."""
    settings = deps.settings
    keys = settings.encryption_keys
    return Standing(
        deps.transactions.database,
        deps.slack,
        Keyring.read(keys.get_secret_value() if keys else ""),
        deps.clock,
        only=settings.slack_workspace_id,
        install_url=f"{settings.public_url}{INSTALL}",
        alarm=alarm,
        grace=timedelta(days=settings.erase_after_days),
    )


def _client(settings: Settings) -> OAuthClient:
    secret = settings.slack_client_secret
    return OAuthClient(
        client_id=settings.slack_client_id or "",
        client_secret=secret.get_secret_value() if secret else "",
        redirect_uri=f"{settings.public_url}{REDIRECT}",
    )


def _events(standing: Standing | None) -> dict[str, Callable[[calls.Event], Awaitable[Reply]]]:
    async def ended(event: calls.Event) -> Reply:
        if event.type == "tokens_revoked" and not inner(event.body, "tokens").get("bot"):
            # Only tokens of people, of which the bot has none.
            return Nothing()
        if standing is None:
            log.warning("slack.uninstalled", mend="install the app again, then renew SLACK_BOT_TOKEN")
            return Nothing()
        told_at = datetime.fromtimestamp(event.happened_at, UTC) if event.happened_at else None
        await standing.erase(event.workspace_id, told_at, is_removed=event.type == "app_uninstalled")
        return Nothing()

    return {"app_uninstalled": ended, "tokens_revoked": ended}
