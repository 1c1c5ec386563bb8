"""The doctor's look at Slack: token, scopes, clock, the way in, the teams' channels."""

import asyncio
from collections.abc import Sequence
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.core.clock import Clock
from bot.doctor.finding import Finding, ill, well
from bot.settings import Settings
from bot.slack.gateway import SlackGateway
from bot.slack.manifest import read_manifest
from bot.slack.places import trouble_with
from bot.slack.skew import MOST_SKEW, skew_of
from bot.teams.domain import Team

LIMIT = 10.0


async def check_login(slack: SlackGateway, clock: Clock, *, by_oauth: bool = False) -> list[Finding]:
    """Token, scopes and clock, all from one answer. `by_oauth`: the token was installed, not set."""
    client: Any = slack.web_client()
    try:
        answer = await asyncio.wait_for(client.auth_test(), LIMIT)
    except SlackApiError as error:
        code = cast(Any, error).response.get("error")
        if by_oauth:
            return [ill("token", f"Slack refuses the installed token ({code}): install the app again")]
        return [
            ill("token", f"Slack refuses SLACK_BOT_TOKEN ({code}): copy it again from OAuth & Permissions")
        ]
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return [
            ill("token", f"Slack does not answer ({type(error).__name__}): check SLACK_API_URL, the network")
        ]
    token = well("token", f"bot {answer.get('user')} in workspace {answer.get('team')}")
    headers = {str(name).lower(): str(value) for name, value in answer.headers.items()}
    return [token, _scopes(headers.get("x-oauth-scopes", "")), _clock(skew_of(headers, clock.now()))]


def _scopes(header: str) -> Finding:
    granted = {scope.strip() for scope in header.split(",") if scope.strip()}
    if not granted:
        return well("scopes", "Slack does not tell them")
    missing = sorted(wanted_scopes() - granted)
    if missing:
        return ill(
            "scopes", f"missing {', '.join(missing)}: update the app from manifest.yml and reinstall it"
        )
    return well("scopes", "all that the manifest asks for")


def wanted_scopes() -> set[str]:
    """The bot scopes that the manifest of this release asks for."""
    return set(read_manifest()["oauth_config"]["scopes"]["bot"])


def _clock(skew: float | None) -> Finding:
    if skew is None:
        return well("clock", "Slack does not tell the time")
    if abs(skew) > MOST_SKEW:
        way = "ahead of" if skew > 0 else "behind"
        return ill("clock", f"{abs(round(skew))} seconds {way} Slack's: set this machine's clock, by NTP")
    return well("clock", "agrees with Slack's")


async def check_way_in(settings: Settings, slack: SlackGateway) -> list[Finding]:
    """How Slack reaches the bot: the app token, else the signing secret."""
    if settings.slack_app_token is None:
        if settings.slack_signing_secret is None:
            return []
        return [well("signing secret", "set; the request address of the app must end in /slack/events")]
    client: Any = slack.web_client()
    try:
        token = settings.slack_app_token.get_secret_value()
        await asyncio.wait_for(client.apps_connections_open(app_token=token), LIMIT)
    except SlackApiError as error:
        code = cast(Any, error).response.get("error")
        mend = (
            f"Slack refuses SLACK_APP_TOKEN ({code}): it needs connections:write, and Socket Mode must be on"
        )
        return [ill("app token", mend)]
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return [ill("app token", f"Slack does not answer ({type(error).__name__}): try again")]
    return [well("app token", "opens a socket")]


async def check_channels(slack: SlackGateway, teams: Sequence[Team]) -> list[Finding]:
    """Whether the bot is a member of the channels where the teams are met."""
    if not teams:
        return [
            ill(
                "teams",
                "there are none: /triage new-team sets one up, or write teams.yml and run `frontdesk apply teams.yml`",
            )
        ]
    return [await _check_team(slack, team) for team in teams]


async def _check_team(slack: SlackGateway, team: Team) -> Finding:
    wrong: list[str] = []
    standups = (one.channel for one in team.standups)
    channels = dict.fromkeys((*team.channels, *(team.ticket_emoji_channels or ()), *standups))
    for channel in channels:
        trouble = await trouble_with(slack, channel)
        wrong += [f"{channel} {trouble}"] if trouble else []
    name = f"team {team.key}"
    return (
        ill(name, "; ".join(wrong)) if wrong else well(name, f"{len(channels)} channels are open to the bot")
    )
