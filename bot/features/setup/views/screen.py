"""The settings of one team, and the list of teams."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.text import cut
from bot.features.setup import ids
from bot.features.setup.buttons import confirm, spoken
from bot.features.setup.ids import Place
from bot.features.setup.part import Part
from bot.slack.blocks import Block, actions, button, context, divider, header, modal, section
from bot.slack.mrkdwn import escape
from bot.teams.domain import Team
from bot.teams.edit import Kept, pinned_words

# A form holds a hundred blocks (Slack, "Modal view").
MOST_TEAMS = 80
ON_HOME = 10
# A part's line is read at a glance.
LINE = 600

_REMOVE_SURE = "The team takes nothing new. Its requests stay and can be finished. A team of the same key brings it back."
_RELEASE_SURE = (
    "Its settings are changed in Slack from then on. The next `frontdesk apply` of a file that names it takes it "
    "over again."
)


def screen(kept: Kept, parts: Sequence[Part], *, note: str = "", is_admin: bool = False) -> Mapping[str, Any]:
    """Every part in one line, with a button to its form where the team may be changed here."""
    pinned = kept.pinned_by
    shown: list[Block] = [section(note)] if note else []
    shown += [header(kept.team.name), *([_pinned(pinned)] if pinned else []), divider()]
    for part in parts:
        text = f"*{part.title}*\n{cut(part.summary(kept.said), LINE)}"
        edit = None if pinned else _edit(part)
        shown.append(section(text, accessory=edit))
    if is_admin:
        shown += [divider(), actions(_release(kept) if pinned else _remove(kept))]
    elif not pinned:
        shown.append(
            context("You can change this as the team's lead. Its triage channel reads who changed what.")
        )
    memory = Place(team=kept.id, seen=kept.seen).packed()
    return modal(
        callback_id=ids.SCREEN_FORM, title="Team settings", blocks=shown, close="Close", private_metadata=memory
    )  # fmt: skip


def _edit(part: Part) -> Block:
    return spoken(button("Edit", ids.EDIT, ids.value(part.key, "")), part.title)


def _pinned(file: str) -> Block:
    return context(f":pushpin: {escape(pinned_words(file))}")


def _remove(kept: Kept) -> Block:
    made = button("Remove this team", ids.REMOVE, ids.value(kept.id), style="danger")
    return made | {"confirm": confirm("Remove", _REMOVE_SURE)}


def _release(kept: Kept) -> Block:
    made = button("Change it in Slack from now on", ids.RELEASE, ids.value(kept.id))
    return made | {"confirm": confirm("Release it", _RELEASE_SURE)}


def teams(found: Sequence[Team], *, is_admin: bool) -> Mapping[str, Any]:
    """The teams that somebody may set up."""
    lines = [_line(team) for team in found[:MOST_TEAMS]]
    left = len(found) - MOST_TEAMS
    if left > 0:
        lines.append(context(f"{left} more: `/triage settings` with a team's key opens its settings."))
    shown = lines or [section("No team is set up yet.")]
    return modal(
        callback_id=ids.SCREEN_FORM,
        title="Teams",
        blocks=[*shown, *([actions(_new())] if is_admin else [])],
        close="Close",
    )


def home(led: Sequence[Team], *, is_admin: bool, is_first: bool) -> Sequence[Block]:
    """The section of the Home tab; empty for whoever leads no team and is no admin. `is_first`: there is no team."""
    if not led and not is_admin:
        return []
    shown: list[Block] = [header("Teams"), *(_line(team) for team in led[:ON_HOME])]
    if is_first:
        shown.append(section("No team is set up yet. It takes a name, its people and a channel."))
    more = (
        []
        if is_first or not (is_admin or len(led) > ON_HOME)
        else [button("All teams", ids.TEAMS, ids.value())]
    )
    buttons = [*([_new()] if is_admin else []), *more]
    return [*shown, *([actions(*buttons)] if buttons else [])]


def _line(team: Team) -> Block:
    text = f"*{escape(team.name)}* · led by <@{team.lead}> · <#{team.triage_channel}>"
    return section(text, accessory=spoken(button("Settings", ids.OPEN, ids.value(team.id)), team.name))


def _new() -> Block:
    return button("New team", ids.NEW, ids.value(), style="primary")


def gone(name: str) -> Mapping[str, Any]:
    """After a team was removed."""
    text = f"*{escape(name)}* is removed. It takes nothing new; its requests stay and can be finished."
    return modal(callback_id=ids.SCREEN_FORM, title="Team settings", blocks=[section(text)], close="Close")
