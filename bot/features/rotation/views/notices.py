"""What the channel, the lead and those concerned are told."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.features.rotation.domain import Gap, Shift
from bot.features.rotation.domain.covers import Cover
from bot.features.rotation.handed import Handoff
from bot.features.rotation.views import ids, words
from bot.slack import blocks, dates
from bot.slack.blocks import Message
from bot.slack.mrkdwn import escape

_NO_ANGLES = str.maketrans("", "", "<>")


def changed(facts: Mapping[str, Any], zone: ZoneInfo) -> Message:
    """To the channel: who has changed what."""
    return words.said(_sentence(facts, zone))


def yours_changed(
    facts: Mapping[str, Any], team: str, pieces: Sequence[Shift | Gap], zone: ZoneInfo
) -> Message:
    """To somebody whose shifts are different now."""
    lines = "\n".join(words.line(one, zone) for one in pieces)
    after = f"\nYour next shifts:\n{lines}" if pieces else "\nYou have no shift in sight."
    return words.said(f"*{escape(team)}*: {_sentence(facts, zone)}{after}")


def _sentence(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    by, person = words.person(facts["by"]), words.person(facts["person"])
    start, end = (datetime.fromisoformat(facts[name]) for name in ("start", "end"))
    hours = words.span(start, end, zone)
    others = [one for one in facts["people"] if one != facts["person"]]
    instead = f", in place of {words.people(others)}" if others else ""
    told = {
        "override": f"{person} is on duty {hours}{instead} (changed by {by}).",
        "cover": f"{person} covers {_stretches(facts, zone) or hours}{instead}. Thank you!",
        "swap": f"{by} and {person} have traded turns: {_pieces(facts, zone) or hours}.",
        "skip": f"{person} is left out until {dates.moment(end, zone)} (by {by}); their turns pass to the next.",
        "undo": f"{by} has taken back {_undone(facts, zone)}. {_now(facts, zone)}",
    }
    own = {
        "override": f"{person} takes over {hours}{instead}.",
        "skip": f"{person} steps out until {dates.moment(end, zone)}; their turns pass to the next.",
    }
    return own.get(facts["what"], told[facts["what"]]) if by == person else told[facts["what"]]


def _pieces(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    return "; ".join(
        f"{words.person(person) if person else 'nobody'} {_span(start, end, zone)}"
        for person, start, end in facts["pieces"]
    )


def _undone(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    start, end = (datetime.fromisoformat(facts[name]) for name in ("start", "end"))
    person = words.person(facts["person"])
    if facts.get("was") == "skip":
        return f"that {person} is left out until {dates.moment(end, zone)}"
    if facts.get("was") == "override":
        return f"that {person} is on duty {words.span(start, end, zone)}"
    return f"a change of the hours {words.span(start, end, zone)}"


def _now(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    pieces = _pieces(facts, zone)
    return f"Now: {pieces}." if pieces else "Nobody's hours are different by it."


def _stretches(facts: Mapping[str, Any], zone: ZoneInfo) -> str:
    return words.listed([_span(start, end, zone) for _, start, end in facts["pieces"]])


def _span(start: str, end: str, zone: ZoneInfo) -> str:
    return words.span(datetime.fromisoformat(start), datetime.fromisoformat(end), zone)


def handed_over(handoff: Handoff, following: Shift | None, zone: ZoneInfo) -> Message:
    """To the channel: somebody else is on duty now."""
    if not handoff.person:
        return words.said(
            "Nobody is on duty now: everyone in the rotation is away. `/rotation take` makes it you."
        )
    until = f" until {dates.moment(handoff.until, zone)}" if handoff.until else ""
    thanks = f" Thank you, {words.person(handoff.previous)}." if handoff.previous else ""
    then = f" Then {words.person(following.person)}." if following else ""
    return words.said(f"On duty now: {words.person(handoff.person)}{until}.{thanks}{then}")


def accepted(handoff: Handoff, team: str) -> Message:
    """To whoever handed over."""
    return words.said(
        f"{words.person(handoff.person)} has accepted the handover of {escape(team)}. Have a good rest."
    )


def nobody_left(team: str, found: Sequence[Gap], zone: ZoneInfo) -> Message:
    """To the lead, ahead."""
    lines = "\n".join(f"• {words.span(one.start, one.end, zone)}" for one in found)
    return words.said(
        f"*{escape(team)}*: nobody is left to be on duty then, everyone in the rotation is away:\n{lines}\n"
        "`/rotation override @somebody FROM UNTIL` fills it."
    )


def cover_wanted(cover: Cover, zone: ZoneInfo, now: datetime) -> Message:
    """To the channel: who takes these hours? Or how it ended."""
    person, hours = words.person(cover.person), words.span(cover.start, cover.end, zone)
    if cover.taken_by:
        return words.said(f"{words.person(cover.taken_by)} covers for {person} {hours}. Thank you!")
    if cover.closed_at is not None:
        over = cover.start <= cover.closed_at
        how = "nobody took it" if over else "no cover is needed any more"
        return words.said(f"Cover for {person} {hours}: {how}.")
    again = "Still nobody: who" if cover.times_asked > 1 else "Who"
    text = f"{again} can cover for {person} {hours}? Whoever takes it first has it."
    take = blocks.button("I take it", ids.COVER_TAKE, ids.value(cover.team_id, cover.id), style="primary")
    return Message(text=text, blocks=[blocks.section(text), blocks.actions(take)])


def not_covered(cover: Cover, team: str, zone: ZoneInfo) -> Message:
    """To whoever looked for cover."""
    return words.said(
        f"Nobody took your shift {words.span(cover.start, cover.end, zone)} in {escape(team)}: it stays with you. "
        "`/rotation override @somebody` still gives it away."
    )


def topic(shift: Shift | None, name: str, zone: ZoneInfo) -> str:
    """A channel's topic, in plain words: Slack shows dates there as they are."""
    if shift is None:
        return "On duty: nobody just now"
    # Slack takes a topic as it is: nothing in it is markup, and nothing is to look like it.
    return f"On duty: @{name.translate(_NO_ANGLES)} until {dates.fallback(shift.end, zone)}"
