"""The doctor's look at an installation by OAuth: its keys, its workspace, its token."""

from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.doctor.finding import Finding, ill, well
from bot.installation import store
from bot.installation.pages import INSTALL
from bot.installation.sealing import Keyring, Unopenable
from bot.settings import Settings
from bot.slack.gateway import SlackGateway


async def check_installation(
    settings: Settings, database: Database, slack: SlackGateway, *, is_readable: bool
) -> list[Finding]:
    """Where the token is stored, whether a key opens it; `slack` uses it from then on.

    `is_readable`: the database answers and has its tables.
    """
    if not settings.by_oauth or settings.encryption_keys is None:
        return []
    try:
        keys = Keyring.read(settings.encryption_keys.get_secret_value())
    except ConfigError as error:
        return [ill("encryption keys", line) for line in error.lines]
    found = [well("encryption keys", f"{len(keys)}, the first one seals")]
    return [*found, await _check_token(settings, database, slack, keys)] if is_readable else found


async def _check_token(settings: Settings, database: Database, slack: SlackGateway, keys: Keyring) -> Finding:
    address = f"{settings.public_url}{INSTALL}"
    installed = await database.read(store.served)
    only = settings.slack_workspace_id
    if installed is None or installed.sealed_token is None:
        return ill("installation", f"there is none: open {address}")
    if only is not None and only != installed.workspace_id:
        words = f"it is {installed.workspace_id}, SLACK_WORKSPACE_ID says {only}: open {address} and choose that one"
        return ill("installation", words)
    try:
        token, by_newest = keys.unseal(installed.sealed_token, installed.workspace_id)
    except Unopenable:
        words = "no key opens the stored token: put the key of before behind the new one, or install again at"
        return ill("installation", f"{words} {address}")
    slack.use_token(token, workspace_id=installed.workspace_id)
    sealed = "" if by_newest else "; the next start of the bot seals it with the newest key"
    return well("installation", f"{installed.workspace_name}, {installed.installed_at:%Y-%m-%d}{sealed}")
