"""What a command's `help` says to one person in one place: examples of their own team, the words that they may use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.slack.calls import Command
from bot.slack.mrkdwn import escape
from bot.teams.directory import Directory
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import Form, Role, Vocabulary

MOST_TEAMS = 10
MOST_COMPONENTS = 5
SOMEBODY = "somebody"
SETS_UP = "new-team"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Who reads it. `team` is the one that examples are about; `is_here`: they are in one of its channels.

    `teams` are those that could be meant; `colleague` is what a member of the team is called.
    """

    role: Role = Role.ANYBODY
    team: Team | None = None
    is_here: bool = False
    teams: Sequence[Team] = ()
    colleague: str = SOMEBODY


async def help_for(vocabulary: Vocabulary, directory: Directory, call: Command) -> str:
    """The command's help for whoever typed it, where they did, as mrkdwn.

    Raises DatabaseUnavailable if the teams were never read.
    """
    reader = await reader_of(vocabulary, directory, call.workspace_id, call.user_id, call.channel_id)
    return text(vocabulary, reader)


async def reader_of(
    vocabulary: Vocabulary, directory: Directory, workspace_id: str, user_id: str, channel_id: str
) -> Reader:
    """The reader: by the channel's team, else their own, else the first. Raises DatabaseUnavailable as above."""
    teams = await directory.teams()
    person = await directory.person(user_id)
    reader = placed(vocabulary, teams, user_id, channel_id, admin=person.is_admin_of(workspace_id))
    others = [one for one in teams.members_of(reader.team) if one != user_id] if reader.team else []
    if not others:
        return reader
    colleague = await directory.person(others[0])
    return replace(reader, colleague=_in_code(colleague.name)) if colleague.is_known else reader


def placed(vocabulary: Vocabulary, teams: Teams, user_id: str, channel_id: str, *, admin: bool) -> Reader:
    """The reader as far as it is known without asking anybody."""
    known = [team for team in teams.active if vocabulary.concerns(team)]
    here = teams.of_channel(channel_id)
    here = here if here in known else None
    own = [team for team in teams.of_person(user_id) if team in known]
    team = here or next(iter((*own, *known)), None)
    role = Role.MEMBER if team in own else Role.ANYBODY
    if admin:
        role = Role.ADMIN
    elif team is not None and team.lead == user_id:
        role = Role.LEAD
    # A request for nobody in particular goes to the channel's team or the only one, never to the asker's own.
    meant = known if vocabulary.takes_text else own or known
    return Reader(role=role, team=team, is_here=here is not None, teams=meant)


def text(vocabulary: Vocabulary, reader: Reader) -> str:
    """The help of a command, as mrkdwn."""
    forms = [form for one in vocabulary.words for form in one.forms if one.name != "help"]
    mine = [form for form in forms if form.who <= reader.role]
    lines = [_line(vocabulary, form, reader) for form in mine]
    told = [*_joined(lines), *_of_others(vocabulary, reader), *_about_teams(vocabulary, reader)]
    if vocabulary.closing:
        emoji = f":{reader.team.ticket_emoji}:" if reader.team else "the team's emoji"
        told.append(vocabulary.closing.replace("{emoji}", emoji))
    return "\n".join(told)


def _line(vocabulary: Vocabulary, form: Form, reader: Reader) -> tuple[str, str]:
    typed = filled(form.line, reader)
    queue = escape(reader.team.name) if reader.team else "your team"
    return f"{vocabulary.command} {typed}".rstrip(), form.does.replace("{queue}", queue)


def filled(line: str, reader: Reader) -> str:
    """The line of a form with this reader's own names in place of its placeholders."""
    team = f"{reader.team.key} " if reader.team and not reader.is_here else ""
    said = example_for(reader.team)
    return line.replace("{team}", team).replace("{said}", said).replace("{colleague}", reader.colleague)


def example_for(team: Team | None) -> str:
    """What somebody might ask this team, in one line that may stand between backticks."""
    if team and team.components:
        return f"{_in_code(team.components[0])} has not answered since this morning"
    return "I have not been able to sign in since this morning"


def _joined(lines: Sequence[tuple[str, str]]) -> list[str]:
    """One line for each; what more a line does stands behind it."""
    joined: dict[str, str] = {}
    for typed, does in lines:
        joined[typed] = f"{joined[typed]}; {does}" if typed in joined else does
    return [f"• `{typed}`: {does}" for typed, does in joined.items()]


def _of_others(vocabulary: Vocabulary, reader: Reader) -> list[str]:
    """The words that are for others, by name."""
    team = escape(reader.team.name) if reader.team else "a team"
    whose = {
        Role.MEMBER: f"members of {team}",
        Role.LEAD: f"the lead of {team}, or a workspace admin",
        Role.ADMIN: "workspace admins",
    }
    told: list[str] = []
    for role in (role for role in whose if role > reader.role):
        names = [one.name for one in vocabulary.words if min(form.who for form in one.forms) == role]
        words = ", ".join(f"`{name}`" if name else f"`{vocabulary.command}` alone" for name in names)
        told += [f"For {whose[role]}: {words}."] if names else []
    return told


def _about_teams(vocabulary: Vocabulary, reader: Reader) -> list[str]:
    team, new = reader.team, _of_admins(vocabulary, reader)
    if team is None:
        return ["No team is set up for this yet.", *new]
    name, of_it = escape(team.name), _components(vocabulary, team)
    if reader.is_here:
        return [f"This is a channel of {name}, so its name can be left out here.{of_it}"]
    if len(reader.teams) == 1:
        return [f"Where no team is named, {name} is meant.{of_it}", *new]
    keys = ", ".join(f"`{one.key}`" for one in reader.teams[:MOST_TEAMS])
    more = f" and {len(reader.teams) - MOST_TEAMS} more" if len(reader.teams) > MOST_TEAMS else ""
    verb = f", such as `{vocabulary.command} {team.key}`" if not vocabulary.takes_text else ""
    return [f"There are several teams. Begin with one of {keys}{more}{verb}.{of_it}", *new]


def _of_admins(vocabulary: Vocabulary, reader: Reader) -> list[str]:
    """What an admin can do where no team is; the command of the settings says it, and any where there is none at all."""
    if reader.role is not Role.ADMIN or not (reader.team is None or SETS_UP in vocabulary.names):
        return []
    first = (
        "As a workspace admin" if reader.team is None else "This is no team's channel. As a workspace admin"
    )
    return [
        f"{first} you can set up a team with `/triage new-team`; `/triage settings` shows those there are."
    ]


def _components(vocabulary: Vocabulary, team: Team) -> str:
    if not vocabulary.takes_text or not team.components:
        return ""
    names = ", ".join(escape(name) for name in team.components[:MOST_COMPONENTS])
    return f" {escape(team.name)} looks after {names}."


def _in_code(name: str) -> str:
    # Between backticks nothing is markup, but a backtick ends them.
    return escape(" ".join(name.replace("`", "'").split()))
