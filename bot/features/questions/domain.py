"""Which short questions the bot answers, and the lines that answer them. English words only. Pure.

A text is a question only as a whole: what merely begins like one may be a request, and is left to be filed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.teams.domain import Team
from bot.teams.roster import Teams
from bot.teams.vocabulary import closest_team

LONGEST = 120
# With greetings and thanks.
LONGEST_TEXT = 300
# So many teams are told of in one answer.
MOST_TEAMS = 5
MOST_WORDS = 4


class About(StrEnum):
    """What is asked."""

    DUTY = "duty"
    REQUEST = "request"
    OPEN = "open"
    MINE = "mine"
    CHECK_IN = "check_in"


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody wants to know. `when` is as `/rotation list` reads it, "" for now; `team` None: none is named.

    `unsure`: that team's name was only nearly written so. `unknown`: a team is named that there is not.
    """

    about: About
    team: Team | None = None
    when: str = ""
    number: int = 0
    unsure: bool = False
    unknown: bool = False


_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|please|pls|so|and|ok|okay|good morning|morning|excuse me|sorry|quick question|"
    r"(?:can|could) (?:you|somebody|anybody|anyone) (?:please )?tell(?: me| us)?|tell me|remind me|"
    r"do (?:you|we) know|does (?:anybody|anyone|somebody) know|i wonder|there)\b[\s,:!-]*)+"
)
_THANKS = re.compile(r"[\s,]*\b(?:please|pls|thanks|thank you|thx)$")
_WEEKDAY = r"(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_WHEN = re.compile(
    r"\b(?P<now>(?:right |just )?now|at the moment|currently|today|tonight)\b|"
    r"\b(?P<weekend>(?:(?:on|at|over|this|the) )*weekend)\b|"
    rf"\b(?:on )?(?P<day>tomorrow|(?:this|next) week|(?:next )?{_WEEKDAY}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})\b"
)
_WHO = r"who(?: is|'s|s| has| are| will be| will have)?(?: currently| now)?"
_DUTY = re.compile(
    rf"(?:{_WHO} (?:next )?(?:on|in|doing) (?:duty|call|triage|rotation)|{_WHO} (?:the )?(?:duty|on-call|oncall)|"
    rf"{_WHO} (?:the )?(?:person|one) on duty|{_WHO} (?:is )?next(?: on duty)?|whose (?:turn|duty|shift) is it)"
    r"(?P<rest>.*)"
)
_REQUEST = re.compile(
    r"(?:(?:where(?: is|'s|s)?|what(?: is|'s|s)?(?: going on with| happening with| with| about| up with|"
    r" the (?:state|status) of)|what happened (?:to|with)|how(?: is|'s|s| about| does)|status(?: of)?|state of|"
    r"(?:is there )?any(?: news| update| updates)(?: on| about| for)?|who (?:has|took|holds)|show(?: me)?|is|has) "
    r"(?:request |ticket |number |my request )?#?(?P<number>[0-9]{1,9})"
    r"(?: (?:doing|going|now|stand|stands|at|standing|done|finished|resolved|solved|claimed|taken))*"
    r"|(?P<bare>#[0-9]{1,9}) ?\?)"
)
_OPEN = re.compile(
    r"(?:(?:what|which|anything|how many|how much|show|list)(?: requests)?(?: is|'s|s| are| me)?(?: still| there)?"
    r"(?: open| waiting| unclaimed| (?:in|on) the (?:queue|list)| (?:the )?(?:queue|open requests))"
    r"|is (?:anything|something) (?:open|waiting)|(?:the )?open requests|(?:the )?queue)(?P<rest>.*)"
)
_MINE = re.compile(
    r"(?:what(?: is|'s|s) (?:still )?(?:mine|on my (?:plate|list|desk))|what do i (?:have|hold|own)(?: open| to do)?|"
    r"what am i (?:holding|working on)|what (?:have|did) i (?:ask(?:ed)?|request(?:ed)?|claim(?:ed)?|t(?:ook|aken))"
    r"(?: for)?|(?:(?:where|what|how) are |show (?:me )?|list )?my (?:open )?requests)"
)
_CHECK_IN = re.compile(
    r"(?:(?:when|what time)(?: is|'s|s) (?:my|the|our) (?:next )?{0}|(?:my |the )?next {0}|"
    r"when do (?:i|we) (?:have (?:to )?)?(?:my )?(?:next )?(?:answer |do )?{0})(?P<rest>.*)".format(
        r"(?:check-?in|check in|stand-?up|stand up|daily)"
    )
)
_IN_TEAM = re.compile(r"(?:(?:in|for|at|of|on|from|with) )?(?:the )?(?:team )?(?P<name>.+?)(?: team)?")
_NAMED = re.compile(r"(?:in|for|at|of|from) ")


def read(text: str, teams: Teams) -> Question | None:
    """The question that this text is; None where it is none of those that are answered."""
    said = _tidied(text) if len(text) <= LONGEST_TEXT else ""
    if not said or len(said) > LONGEST:
        return None
    if found := _REQUEST.fullmatch(said):
        number = int((found["number"] or found["bare"]).removeprefix("#"))
        return Question(about=About.REQUEST, number=number)
    said = said.rstrip("?!. ")
    if _MINE.fullmatch(said):
        return Question(about=About.MINE)
    for pattern, about in ((_DUTY, About.DUTY), (_OPEN, About.OPEN), (_CHECK_IN, About.CHECK_IN)):
        if found := pattern.fullmatch(said):
            return _about(about, found["rest"].strip(), teams)
    return None


def _tidied(text: str) -> str:
    """Small letters, plain apostrophes, no greeting and no thanks; a question mark stays only after a bare number."""
    said = " ".join(text.casefold().replace("’", "'").split())
    said = _POLITE.sub("", said)
    ends = re.search(r"[?!. ]*$", said)
    said, asks = (said[: ends.start()], "?" in ends[0]) if ends else (said, False)
    said = _THANKS.sub("", said).rstrip("?!., ")
    return f"{said}?" if asks and re.fullmatch(r"#[0-9]{1,9}", said) else said


def _about(about: About, rest: str, teams: Teams) -> Question | None:
    """What follows: a day, a team, both, or nothing; None where it is something else."""
    when = ""
    if about is About.DUTY and (found := _WHEN.search(rest)):
        when = "weekend" if found["weekend"] else found["day"] or ""
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
    rest = " ".join(rest.split()).strip(" ,:?!.")
    if not rest:
        return Question(about=about, when=when)
    inside = _IN_TEAM.fullmatch(rest)
    name = inside["name"] if inside else rest
    team = teams.by_word(name) or teams.by_word(rest)
    if team is not None:
        return Question(about=about, team=team, when=when)
    if len(name.split()) > MOST_WORDS:
        return None
    near = closest_team(name, teams.active)
    if near is not None:
        return Question(about=about, team=near, when=when, unsure=True)
    # “Who is on duty for X” names a team, whatever X is; “what is open on Sunday” does not.
    is_named = about is About.DUTY and _NAMED.match(rest) and len(name.split()) == 1
    return Question(about=about, when=when, unknown=True) if is_named else None


def lines(question: Question, teams: Teams, user_id: str, channel_id: str) -> tuple[str, ...]:
    """The commands that answer it, for this person in this channel; none where there is nothing to ask."""
    if question.unknown:
        return ()
    key = f" {question.team.key}" if question.team else ""
    match question.about:
        case About.REQUEST:
            return (f"/triage {question.number}",)
        case About.MINE:
            return ("/triage mine",)
        case About.OPEN:
            return (f"/triage{key}",)
        case About.CHECK_IN:
            own = [team for team in teams.active if team.standups and teams.is_member(team, user_id)]
            wanted = [team for team in own if question.team in (None, team)]
            return tuple(f"/standup {team.key} when" for team in wanted[:MOST_TEAMS])
        case About.DUTY:
            listed = f" list {question.when}" if question.when else ""
            about = [question.team] if question.team else _with_rotation(teams, user_id, channel_id)
            return tuple(f"/rotation {team.key}{listed}" for team in about[:MOST_TEAMS]) or ("/rotation",)


def _with_rotation(teams: Teams, user_id: str, channel_id: str) -> Sequence[Team]:
    """The channel's team, else the person's own, else all that have a rotation."""
    known = [team for team in teams.active if team.rotation is not None]
    here = [team for team in known if channel_id in team.channels]
    own = [team for team in known if teams.works_queue(team, user_id)]
    return here or own or known


def is_for_all(question: Question) -> bool:
    """Whether everybody in the channel may read the answer: who is on duty is no secret, the rest is the asker's."""
    return question.about is About.DUTY
