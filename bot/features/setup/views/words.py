"""Sentences of the settings."""

import re
from collections.abc import Sequence

from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape

NOT_ADMIN = "Only a workspace admin sets up new teams. Ask one of them, or whoever runs Frontdesk."
NOT_LEAD = "The settings of {team} are for {lead}, who leads it, and for workspace admins. Ask one of them."
NOBODYS = (
    "Settings are for those who lead a team and for workspace admins, and you lead none. To have something changed, ask "
    "the team's lead. A workspace admin sets up a new team with `/triage new-team`."
)
NO_PREVIEW = "This cannot be shown before it is saved."
SAVED = ":white_check_mark: Saved. It counts from now on."
SAME = ":white_check_mark: Nothing was different, so nothing has changed."
RELEASED = ":white_check_mark: Released. From now on this team is changed here. A teams file that names it takes it over again."

# The keys of the file for people.
_SPOKEN = {
    "timezone": "time zone",
    "user_group": "user group",
    "sources": "who asks as what",
    "split_of_work": "who gets new requests",
    "max_open": "most open requests",
    "claim_within": "how soon requests are claimed",
    "idle_claim": "how long a claim may rest",
    "standups": "check-ins",
    "people": "people's holidays",
    "retention": "how long texts are kept",
    "jira": "Jira",
}
_PLACE = re.compile(r"team ([a-z0-9-]+)\.([a-z_]+)[\w.\[\]]*")


def spoken(key: str) -> str:
    """What a key of the teams file is called among people."""
    return _SPOKEN.get(key, key.replace("_", " "))


def told(sentence: str) -> str:
    """A problem in the words of the file's reader, for the field that it stands beside."""
    sentence = _PLACE.sub(lambda found: f"the {spoken(found[2])} of team {found[1]}", sentence)
    sentence = sentence.replace("this team.", "")
    return sentence[:1].upper() + sentence[1:]


def first_steps(channels: Sequence[str], *, is_back: bool) -> str:
    """What a new team's people do next, as mrkdwn."""
    begin = "It is back, with its old requests." if is_back else "The team is set up."
    listed = " and ".join(f"<#{channel}>" for channel in channels)
    return (
        f":tada: *{begin}* What comes next:\n"
        f"1. Invite me to {listed}: type `/invite @frontdesk` there.\n"
        "2. Look through the parts below. Everything has a usual value; change what does not fit.\n"
        "3. Try it: `/ask-team` with the team's key and a few words.\n"
        "In a moment I look at the channels and write to you where I am not in one of them."
    )


def changed(who: str, keys: Sequence[str]) -> Message:
    """The line in the triage channel after a change."""
    what = ", ".join(dict.fromkeys(spoken(key) for key in keys))
    return Message(text=f"<@{who}> changed this team's settings: {what}.")


def created(who: str, name: str) -> Message:
    return Message(
        text=f"<@{who}> set up the team *{escape(name)}*. Its requests come here, one card each. "
        "`/ask-team` asks it for something, `/triage settings` shows how it is set up."
    )


def removed(who: str, name: str) -> Message:
    return Message(
        text=f"<@{who}> removed the team *{escape(name)}*. It takes nothing new; its requests stay and can be finished."
    )


def released(who: str, file: str) -> Message:
    return Message(
        text=f"<@{who}> released this team from {escape(file)}: from now on its settings are changed in Slack."
    )


def moved(who: str, name: str, to: str) -> Message:
    """The line in the channel that was the triage channel so far."""
    return Message(
        text=f"<@{who}> moved the queue of *{escape(name)}*: its new requests go to <#{to}>. "
        "The cards that are here stay and work."
    )


def places_missing(name: str, wrong: Sequence[tuple[str, str]]) -> Message:
    """To whoever set the channels: where the bot cannot work yet. `wrong` holds channels and why."""
    lines = "\n".join(f"• <#{channel}> {escape(why)}" for channel, why in wrong)
    return Message(
        text=f"*{escape(name)}* is saved, but I cannot work in all of its channels yet:\n{lines}\n"
        "Type `/invite @frontdesk` in each of them. Until then what belongs there waits."
    )
