"""The words of every command, declared once: help, "did you mean" and the manifest's usage hints go by them."""

from bot.core.errors import UserError
from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import Form, Role, Vocabulary, Word, begins_known, meant, word

MEMBER, LEAD = Role.MEMBER, Role.LEAD
_HELP = word("help", "what you read now", also="? -h --help usage")

ASK_TEAM = Vocabulary(
    command="/ask-team",
    takes_text=True,
    words=(
        Word(
            name="",
            forms=(
                Form(line="", does="opens the form"),
                Form(line="{team}{said}", does="files it at once, in one line"),
            ),
        ),
        _HELP,
    ),
    closing=(
        "A message becomes a request by *Send to triage* in its menu, or with {emoji} on it. "
        "`/triage` shows a team's queue."
    ),
)

TRIAGE = Vocabulary(
    command="/triage",
    words=(
        word("", "the open requests of {queue}, the most urgent first", also="list open queue show"),
        word("mine", "what you hold", who=MEMBER, also="me my own"),
        word("next", "you take the first one that nobody has", who=MEMBER, also="claim take grab"),
        Word(name="12", forms=(Form(line="12", does="request #12 with its history"),), is_example=True),
        Word(
            name="stats",
            forms=(
                Form(line="stats", does="the last 4 weeks in figures, with charts and as CSV"),
                Form(line="stats", does="there you also read how well Frontdesk itself worked", who=LEAD),
            ),
            also=("statistics", "report", "figures", "numbers"),
        ),
        word("all", "every state, newest first", also="everything closed history"),
        word("settings", "how the team is set up, and changing it", who=LEAD, also="setup config edit"),
        word("new-team", "sets up a new team", who=Role.ADMIN, also="new team newteam create add"),
        _HELP,
    ),
    closing="To ask a team for something, type `/ask-team`.",
)

STANDUP = Vocabulary(
    command="/standup",
    concerns=lambda team: bool(team.standups),
    words=(
        word(
            "",
            "opens your check-in: the one that is open now, or the next one early",
            who=MEMBER,
            also="answer fill open now",
        ),
        word("status", "who has answered today", who=MEMBER),
        word("when", "your next check-ins, on your clock", who=MEMBER, also="next"),
        Word(
            name="skip",
            forms=(
                Form(line="skip", does="skip today", who=MEMBER),
                Form(line="skip until friday", does="be away, that day included", who=MEMBER),
            ),
            also=("pause", "ignore"),
        ),
        Word(
            name="away",
            forms=(
                Form(line="away", does="a form for days when you are away", who=MEMBER),
                Form(line="away tomorrow to friday at the sea", does="the same in one line", who=MEMBER),
                Form(
                    line="away @{colleague} tomorrow to friday conference",
                    does="you write down that somebody is away",
                    who=LEAD,
                ),
            ),
            also=("off", "leave", "vacation", "holiday", "absent", "sick"),
        ),
        Word(
            name="resume",
            forms=(
                Form(line="resume", does="you are back", who=MEMBER),
                Form(line="resume @{colleague}", does="you write down that somebody is back", who=LEAD),
            ),
            also=("back", "return"),
        ),
        word("report", "how it went in the last 4 weeks", who=MEMBER, also="stats figures"),
        word("settings", "your reminders and public holidays", also="remind reminders config"),
        _HELP,
    ),
)

ROTATION = Vocabulary(
    command="/rotation",
    concerns=lambda team: team.rotation is not None,
    words=(
        word("", "who is on duty now, until when, and who follows", also="now who duty current today"),
        Word(
            name="list",
            forms=(
                Form(line="list", does="the next ten shifts"),
                Form(
                    line="list",
                    does="there also the changes that stand, and how the load was spread",
                    who=MEMBER,
                ),
                Form(
                    line="list next week",
                    does="who has which hours then; also `tomorrow`, `friday` or a date",
                ),
            ),
            also=("next", "shifts", "schedule", "plan", "when"),
        ),
        Word(
            name="override",
            forms=(
                Form(
                    line="override @{colleague}",
                    does="they have it from now until the shift ends",
                    who=MEMBER,
                ),
                Form(
                    line="override @{colleague} tomorrow 14:00 until friday",
                    does="they have these hours; a day given as the end is included",
                    who=MEMBER,
                ),
                Form(
                    line="override rested tomorrow",
                    does="whoever was on duty longest ago; `free`: whoever has fewest open requests; "
                    "`next`: whoever comes next",
                    who=MEMBER,
                ),
            ),
            also=("give", "set", "assign", "replace"),
        ),
        word(
            "swap", "your current or next turn for theirs", line="swap @{colleague}", who=MEMBER, also="trade"
        ),
        word(
            "skip",
            "they are left out, that day included",
            line="skip @{colleague} until friday",
            who=MEMBER,
            also="without",
        ),
        word("take", "you have it now, until the shift ends", who=MEMBER, also="me"),
        Word(
            name="cover",
            forms=(
                Form(line="cover", does="asks the channel who can take your shift", who=MEMBER),
                Form(line="cover tomorrow until friday", does="the same for these days", who=MEMBER),
            ),
            also=("sick",),
        ),
        Word(
            name="undo",
            forms=(
                Form(line="undo", does="takes your last change back", who=MEMBER),
                Form(line="undo 12", does="takes change 12 back", who=MEMBER),
                Form(line="undo cover", does="the channel is not asked any more", who=MEMBER),
            ),
            also=("revert", "cancel", "back"),
        ),
        word(
            "preview",
            "how it would be; nothing is changed (also with swap and skip)",
            line="preview override @{colleague} tomorrow",
            who=MEMBER,
            also="try dry-run",
        ),
        word("note", "a word for whoever is next", line="note Acme has switched to the new file", who=MEMBER),
        word("pack", "what is handed on with the duty", who=MEMBER, also="handover handoff"),
        Word(
            name="calendar",
            forms=(
                Form(line="calendar", does="addresses for your calendar", who=MEMBER),
                Form(line="calendar new", does="makes new ones and ends the old ones", who=MEMBER),
            ),
            also=("ical", "feed"),
        ),
        _HELP,
    ),
)

ALL = (ASK_TEAM, TRIAGE, STANDUP, ROTATION)


def unknown(own: Vocabulary, typed: str, teams: Teams, named: Team | None = None) -> UserError:
    """The answer to words that this command does not know, with what was probably meant."""
    line = meant(typed, own, [one for one in ALL if one is not own], teams, named)
    hint = f"Did you mean `{line}`? " if line else ""
    # Of `settings nowhere` the word is known: to call it unknown and then to offer it helps nobody.
    what = "understand what comes after that word" if begins_known(typed, own) else "know that word"
    return UserError(f"I do not {what}. {hint}`{own.command} help` lists what there is.")
