"""The doctor's look at Jira's webhook: its secret, the way to the bot, and whether Jira has one."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.doctor.finding import Finding, ill, well
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Outcome
from bot.settings import Settings

PATH = "/jira/webhook"
LIMIT = 10.0
# About an issue that no Jira has: it is answered like any other, and nothing is stored.
HARMLESS: Mapping[str, Any] = {
    "webhookEvent": "jira:issue_updated",
    "issue": {"id": "0", "key": "FRONTDESK-0", "fields": {}},
}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


async def check_webhook(settings: Settings, jira: JiraGateway) -> list[Finding]:
    """Without a secret there is no webhook, and the bot asks Jira by itself."""
    if settings.jira_webhook_secret is None:
        return [
            well("Jira webhook", "off, Jira is asked once a minute: set JIRA_WEBHOOK_SECRET to hear at once")
        ]
    secret = settings.jira_webhook_secret.get_secret_value()
    address = _base(settings) + PATH
    return [await _reach(address, secret), await _listed(jira, address, settings.public_url is not None)]


def _base(settings: Settings) -> str:
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = _EVERYWHERE.get(settings.host) or settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


async def _reach(address: str, secret: str) -> Finding:
    raw = json.dumps(HARMLESS).encode()
    signature = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature": signature}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMIT)) as session,
            session.post(address, data=raw, headers=headers, allow_redirects=False) as answer,
        ):
            return _judged(address, answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        mend = "start the bot, and set PUBLIC_URL to where Jira reaches it"
        return ill("Jira webhook", f"nothing answers at {address} ({type(error).__name__}): {mend}")


def _judged(address: str, status: int) -> Finding:
    if status == HTTPStatus.OK:
        return well("Jira webhook", f"{address} answers")
    mends = {
        401: "the bot there has another secret: start it with the same JIRA_WEBHOOK_SECRET",
        403: "the bot there runs without a secret: start it with JIRA_WEBHOOK_SECRET and JIRA_URL",
        503: "the bot there cannot store anything now: look at its database",
    }
    other = f"check that PUBLIC_URL and what stands before the bot lead {PATH} to it"
    return ill("Jira webhook", f"{address} answers {status}: {mends.get(status, other)}")


async def _listed(jira: JiraGateway, address: str, is_public: bool) -> Finding:
    name = "Jira webhook in Jira"
    try:
        hooks = await jira.metadata.webhooks()
    except Outcome as outcome:
        return ill(name, f"{outcome.reason}: try again")
    if hooks is None:
        return well(name, "only a Jira administrator sees the list: ask one whether this address is in it")
    ours = [on for url, on in hooks if _is_ours(url, address, is_public)]
    if any(ours):
        return well(name, "is there and switched on")
    if ours:
        return ill(name, "is switched off: enable it in Jira, System, WebHooks")
    where = address if is_public else f"the bot's address, with {PATH} at its end"
    return ill(name, f"there is none: add it in Jira, System, WebHooks, to {where}, with the same secret")


def _is_ours(url: str, address: str, is_public: bool) -> bool:
    """Without PUBLIC_URL the address that Jira uses is not known, only how it ends."""
    bare = url.partition("?")[0].rstrip("/")
    return bare.casefold() == address.casefold() if is_public else bare.endswith(PATH)
