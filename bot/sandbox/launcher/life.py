"""One life of the demo, from a beginning to the next: a workspace, a Jira and a bot, joined over the wire."""

import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import yaml

from bot import bootstrap, migrate, running
from bot.bootstrap import Product
from bot.core.errors import ConfigError
from bot.db.errors import DatabaseUnavailable
from bot.running import Running
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira.model import Edition
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.launcher.beat import Beat
from bot.sandbox.launcher.teams import ALERT_CHANNEL, PAYMENTS, TEAMS
from bot.sandbox.screen import NotVisible
from bot.sandbox.seeds import Seed, plant
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.manifest import read_manifest
from bot.slack.pace import Pace
from bot.teams import edit
from bot.teams.apply import apply
from bot.teams.file import read_text

READY_WITHIN = 30.0
# A demo whose bot is slower than this begins without it.
SHOWN_WITHIN = 5.0


@dataclass(frozen=True, kw_only=True)
class Life:
    """Everything that runs; `end` stops it all. `began_ts`: what was said until then was there at the beginning."""

    box: Sandbox
    jira: JiraServer
    product: Product
    bot: Running
    beat: Beat
    began_ts: str
    _stack: AsyncExitStack

    async def end(self) -> None:
        """Stop the bot, then what it speaks to."""
        await self._stack.aclose()


async def begin(
    *, database_url: str, face_url: str, seed: Seed, edition: Edition, clock: SandboxClock
) -> Life:
    """Start all of it and return once the bot is ready for work. Raises ConfigError, with nothing left running."""
    async with AsyncExitStack() as stack:
        jira = await JiraServer.start(JiraSite(edition=edition, clock=clock.now))
        stack.push_async_callback(jira.stop)
        jira.site.face_url = face_url
        box = await Sandbox.start(manifest=_manifest(), clock=clock)
        stack.push_async_callback(box.stop)
        plant(box, seed)
        box.deliver_by_socket()
        secret = secrets.token_hex(16)
        settings = settings_of(box, jira, database_url=database_url, face_url=face_url, secret=secret)
        beat = Beat(clock)
        product = beat.around(bootstrap.build(settings, clock=clock, pace=Pace(generous=True)))
        await _set_up(product)
        bot = await running.start(product, timing=running.Timing(switch=False))
        stack.push_async_callback(bot.close)
        jira.site.webhooks.add(f"{bot.address}/jira/webhook", secret=secret)
        await _become_ready(product, bot, box)
        began_ts = box.workspace.world.now_ts()
        return Life(
            box=box, jira=jira, product=product, bot=bot, beat=beat, began_ts=began_ts, _stack=stack.pop_all()
        )


def _manifest() -> dict[str, Any]:
    """The product's, for a Jira on this machine: links to its issues become cards too."""
    manifest = read_manifest()
    features = manifest["features"]
    return manifest | {"features": features | {"unfurl_domains": ["127.0.0.1"]}}


async def _set_up(product: Product) -> None:
    """Tables and teams, before the bot looks at either: it would remember for a moment that there are no teams."""
    file, now = read_text(yaml.safe_dump(TEAMS), "the demo's teams"), product.deps.clock.now()
    try:
        await migrate.upgrade(product.database)
        await product.database.write(apply, file, now)
        # Their leads may change them: there is no file that a visitor could edit.
        for team in file.teams:
            await product.database.write(edit.release, team.key, now)
    except DatabaseUnavailable as error:
        await product.database.close()
        raise ConfigError(f"The demo's database cannot be used just now ({error})") from error


async def _become_ready(product: Product, bot: Running, box: Sandbox) -> None:
    try:
        await bot.wait_ready(READY_WITHIN)
        await box.socket_connected()
        await product.deps.directory.refresh_groups(product.deps.clock.now())
        await _show_who_is_on_duty(product, box)
    except (TimeoutError, NotVisible, DatabaseUnavailable) as error:
        raise ConfigError(f"The demo's bot has not become ready: {error}") from error


async def _show_who_is_on_duty(product: Product, box: Sandbox) -> None:
    """The bot's first deed, a second after it began: done now, so that no page changes under whoever has just come."""
    jobs = [job for feature in product.features for job in feature.jobs]
    await next(job for job in jobs if job.name == "rotation.look").run(product.deps.clock.now())
    world = box.workspace.world
    await world.bell.until(lambda: world.channels[PAYMENTS["triage_channel"]].topic or None, SHOWN_WITHIN)


def settings_of(box: Sandbox, jira: JiraServer, *, database_url: str, face_url: str, secret: str) -> Settings:
    """The bot's settings, every one of them: nothing is taken from the environment of a real bot."""
    account = jira.site.bot_account
    is_cloud = jira.site.edition == "cloud"
    ours: dict[str, Any] = {
        "slack_bot_token": box.bot_token,
        "slack_app_token": box.app_token,
        "slack_api_url": box.slack_api_url,
        "database_url": database_url,
        "jira_url": jira.url,
        "jira_email": account.email if is_cloud else None,
        "jira_api_token": account.secret if is_cloud else None,
        "jira_token": None if is_cloud else account.secret,
        "jira_webhook_secret": secret,
        "alert_channel": ALERT_CHANNEL,
        "alert_webhook_url": f"{face_url}/alarm",
        "host": "127.0.0.1",
        "port": 0,
        "log_level": "WARNING",
    }
    untouched = {name: field.default for name, field in Settings.model_fields.items()}
    return Settings(_env_file=None, **(untouched | ours))  # pyright: ignore[reportCallIssue]
