"""What people, channels and groups are called, for text that leaves its thread. Nobody is called by it."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.logs import logger
from bot.outbox.outcomes import Outcome
from bot.slack.gateway import SlackGateway
from bot.teams.directory import Directory

MOST_NAMES = 10
SOMEBODY = "Somebody"
# What Slack itself shows for a channel that the reader is not in.
HIDDEN_CHANNEL = "private-channel"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")
_CHANNEL = re.compile(r"<#([CGD][A-Z0-9]+)(?:\|[^<>\n]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)>")

log = logger(__name__)


def without_channel_names(text: str) -> str:
    """The text with channels by id alone: the name of a private one is not for everybody."""
    return _CHANNEL.sub(r"<#\1>", text)


async def called(directory: Directory, user_id: str) -> str:
    """The person's name, or a word for somebody whom Slack does not tell about."""
    person = await directory.person(user_id)
    return person.name if person.is_known else SOMEBODY


async def whole_name(directory: Directory, user_id: str) -> str:
    """The person's name in full, for those who do not know each other by Slack's short ones."""
    person = await directory.person(user_id)
    return (person.real_name or person.name) if person.is_known else SOMEBODY


async def people_in(directory: Directory, text: str) -> dict[str, str]:
    """What the people in this text are called, by id; the first ten are asked for."""
    people = _first(_PERSON, text)
    found = await asyncio.gather(*(called(directory, user_id) for user_id in people))
    names = dict(zip(people, found, strict=True))
    # Ids beyond the first ten stay unnamed, but none of them is shown.
    return names | {one: SOMEBODY for one in _PERSON.findall(text) if one not in names}


async def names_in(directory: Directory, slack: SlackGateway, text: str) -> dict[str, str]:
    """What the ids in this text are called, by id; of each kind the first ten are asked for."""
    channels = _first(_CHANNEL, text)
    names, found = await asyncio.gather(
        people_in(directory, text), asyncio.gather(*(_channel(slack, channel_id) for channel_id in channels))
    )
    names |= dict(zip(channels, found, strict=True))
    names |= {one: HIDDEN_CHANNEL for one in _CHANNEL.findall(text) if one not in names}
    return names | await _groups(slack, _first(_GROUP, text))


def _first(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(pattern.findall(text)))[:MOST_NAMES]


async def _channel(slack: SlackGateway, channel_id: str) -> str:
    try:
        answer = await slack.call("conversations.info", channel=channel_id)
    except Outcome as outcome:
        log.info("names.channel_not_told", reason=outcome.reason)
        return HIDDEN_CHANNEL
    channel: Mapping[str, Any] = answer.get("channel") or {}
    is_open = not any(channel.get(key) for key in ("is_private", "is_im", "is_mpim"))
    return str(channel.get("name") or HIDDEN_CHANNEL) if is_open else HIDDEN_CHANNEL


async def _groups(slack: SlackGateway, group_ids: list[str]) -> dict[str, str]:
    if not group_ids:
        return {}
    names = dict.fromkeys(group_ids, "group")
    try:
        answer = await slack.call("usergroups.list", include_disabled=True)
    except Outcome as outcome:
        log.info("names.groups_not_told", reason=outcome.reason)
        return names
    groups: Sequence[Mapping[str, Any]] = answer.get("usergroups") or ()
    told = {str(group.get("id")): str(group.get("handle") or "group") for group in groups}
    return {group_id: told.get(group_id, "group") for group_id in names}


async def address_of(slack: SlackGateway, channel_id: str, ts: str) -> str | None:
    """The message's address where everybody in the workspace may follow it; None elsewhere."""
    if await _channel(slack, channel_id) == HIDDEN_CHANNEL:
        return None
    try:
        answer = await slack.call("chat.getPermalink", channel=channel_id, message_ts=ts)
    except Outcome as outcome:
        log.info("names.address_not_told", reason=outcome.reason)
        return None
    return str(answer.get("permalink") or "") or None
