"""The answer to a question: what the commands said, joined, and what else could have been meant."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from bot.core.text import cut
from bot.core.wire import inner, objects
from bot.features.questions.domain import About
from bot.slack import blocks
from bot.slack.blocks import Block, Message
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team

# Slack takes 50 blocks in a message; some are needed below the answer.
MOST_BLOCKS = 44
# Slack refuses a message of many long blocks (msg_blocks_too_long; from about 12,000 characters on); some stay free.
MOST_TEXT = 9_000
MORE = "That is more than fits here. Ask me about one team, by its name, and I tell the rest."
MOST_TEAMS = 10
NO_CHECK_INS = (
    "No check-in asks you: you are in no team that has one. A team's lead can add you, or give the team one."
)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
ON_HOME = "What you have asked others for, and where it stands, is on my *Home* tab."


def answer(
    about: About, lines: Sequence[str], said: Sequence[Message], *, near: Team | None, buttons: bool
) -> Message:
    """What the commands said. `lines`: what can be typed for it, if anything. `near`: the team whose name was nearly written; `buttons`: only the asker reads it."""
    shown: list[Block] = []
    texts: list[str] = []
    if near:
        texts.append(f"I take it that you mean *{escape(near.name)}*.")
        shown.append(blocks.context(texts[0]))
    for message in said:
        texts.append(message.text)
        shown += message.blocks or [blocks.section(escape(message.text))]
    if about is About.MINE:
        texts.append(ON_HOME)
        shown.append(blocks.context(ON_HOME))
    if not buttons:
        shown = [block for block in shown if block["type"] != "actions"]
    typed = " and ".join(f"`{line}`" for line in lines)
    shown = [*_fitting(shown), *([blocks.context(f"You can also type {typed}.")] if typed else [])]
    return Message(text=cut("\n".join(texts), blocks.FALLBACK), blocks=shown)


def _fitting(shown: Sequence[Block]) -> list[Block]:
    """As many of these blocks as a message holds; where some are left out, it says what to do."""
    kept, length = list[Block](), 0
    for block in shown:
        length += _length(block)
        if len(kept) == MOST_BLOCKS or length > MOST_TEXT:
            return [*kept, blocks.context(MORE)]
        kept.append(block)
    return kept


def _length(value: object) -> int:
    """How many characters stand in a block, its names of keys left out."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_length(one) for one in cast(Mapping[str, object], value).values())
    return sum(_length(one) for one in cast(list[object], value)) if isinstance(value, list) else 0


def nothing(about: About, teams: Sequence[Team]) -> Message:
    """Where no command could be typed."""
    text = NO_CHECK_INS if about is About.CHECK_IN else _no_such_team(teams)
    return Message(text=text, blocks=[blocks.section(text)])


def _no_such_team(teams: Sequence[Team]) -> str:
    if not teams:
        return "No team is set up yet, so nobody is on duty."
    named = ", ".join(f"`{team.key}` ({escape(team.name)})" for team in teams[:MOST_TEAMS])
    more = f" and {len(teams) - MOST_TEAMS} more" if len(teams) > MOST_TEAMS else ""
    return f"I know no team of that name. There are {named}{more}: ask me again with one of them."


def with_below(message: Message, below: Sequence[Block]) -> Message:
    """The answer, and below it the way to have the words filed all the same."""
    if not below:
        return message
    asked = blocks.context("Not what you meant? Then I file your words as a request.")
    return Message(text=message.text, blocks=[*(message.blocks or ()), asked, *below])


def unmentioned(message: Message, names: Mapping[str, str]) -> Message:
    """The same with people's names instead of mentions: nobody is called by it."""

    def named(text: str) -> str:
        return _MENTION.sub(lambda found: f"*{escape(names.get(found[1], 'somebody'))}*", text)

    return Message(text=named(message.text), blocks=[_renamed(block, named) for block in message.blocks])


def _renamed(block: Block, named: Callable[[str], str]) -> Block:
    """The same block with its texts changed."""
    text, elements = inner(block, "text"), objects(block, "elements")
    if block["type"] == "section" and text:
        return {**block, "text": {**text, "text": named(str(text["text"]))}}
    if block["type"] == "context":
        return {**block, "elements": [{**one, "text": named(str(one.get("text") or ""))} for one in elements]}
    return block
