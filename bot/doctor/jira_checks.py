"""The doctor's look at Jira: login, clock, and for each project that teams name permissions and create form."""

from collections.abc import Sequence

from bot.core.clock import Clock
from bot.doctor.finding import Finding, ill, well
from bot.doctor.webhook_checks import check_webhook
from bot.features.tickets.fields.kinds import not_askable
from bot.jira.failures import LoginRefused
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Outcome, Refused
from bot.settings import Settings, jira_problems
from bot.teams.domain import Team

MOST_SKEW = 60.0
PERMISSIONS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "DELETE_OWN_COMMENTS",
    "CREATE_ATTACHMENTS",
    "TRANSITION_ISSUES",
    "LINK_ISSUES",
    "ASSIGN_ISSUES",
)


async def check_jira(settings: Settings, teams: Sequence[Team], clock: Clock) -> list[Finding]:
    """Nothing is wrong with a Jira that is off."""
    if settings.jira_url is None:
        return [well("Jira", "off: set JIRA_URL to turn it on")]
    if jira_problems(settings):
        return [ill("Jira", "has no login: see settings")]
    jira = JiraGateway(
        settings.jira_url,
        email=settings.jira_email,
        api_token=settings.jira_api_token.get_secret_value() if settings.jira_api_token else None,
        token=settings.jira_token.get_secret_value() if settings.jira_token else None,
    )
    try:
        return await _look(jira, settings, teams, clock)
    finally:
        await jira.close()


async def _look(jira: JiraGateway, settings: Settings, teams: Sequence[Team], clock: Clock) -> list[Finding]:
    try:
        who = await jira.myself()
    except Outcome as outcome:
        is_elsewhere = isinstance(outcome, Refused) and outcome.reason.startswith("Jira answered 404")
        words = "there is no Jira at this address" if is_elsewhere else _words(outcome).rstrip(".")
        return [ill("Jira", f"{words}: check JIRA_URL and the login")]
    targets = [team.jira for team in teams if team.jira is not None]
    projects = sorted({target.project for target in targets})
    types = sorted({(target.project, target.issue_type) for target in targets})
    return [
        well("Jira", f"logged in as {who.name}"),
        await _clock(jira, clock),
        *[await _project(jira, key) for key in projects],
        *[await _type(jira, key, name) for key, name in types],
        *await check_webhook(settings, jira),
    ]


async def _clock(jira: JiraGateway, clock: Clock) -> Finding:
    try:
        theirs = await jira.metadata.server_time()
    except Outcome as outcome:
        return ill("Jira clock", f"{_words(outcome)}: try again")
    skew = (clock.now() - theirs).total_seconds()
    if abs(skew) > MOST_SKEW:
        way = "ahead of" if skew > 0 else "behind"
        return ill(
            "Jira clock", f"this machine is {abs(round(skew))} seconds {way} Jira: set its clock, by NTP"
        )
    return well("Jira clock", "agrees with Jira's")


async def _project(jira: JiraGateway, key: str) -> Finding:
    name = f"Jira project {key}"
    try:
        held = await jira.metadata.permissions(key, PERMISSIONS)
    except Outcome as outcome:
        return ill(name, _words(outcome))
    if not held.get("BROWSE_PROJECTS"):
        return ill(
            name,
            "the bot's account does not see it: check the key in the settings of its team, or let it browse there",
        )
    missing = [one.replace("_", " ").title() for one, has in held.items() if not has]
    if missing:
        return ill(name, f"give the bot's account these permissions there: {', '.join(missing)}")
    return well(name, "the bot's account may do all that it has to")


async def _type(jira: JiraGateway, key: str, type_name: str) -> Finding:
    name = f"Jira type {type_name} in {key}"
    try:
        types = await jira.issue_types(key)
        fitting = [one for one in types if one.name.casefold() == type_name.casefold()]
        fields = await jira.create_fields(key, fitting[0].id) if fitting else []
    except Outcome as outcome:
        return ill(name, _words(outcome))
    if not fitting:
        there = ", ".join(one.name for one in types) or "none"
        return ill(name, f"does not exist: name another in the settings of its team; there are: {there}")
    strange = ", ".join(field.name for field in not_askable(fields))
    if strange:
        mend = "give them a default or make them optional, or issues are finished on Jira's own page"
        return ill(name, f"requires what no form in Slack can ask for ({strange}): {mend}")
    return well(name, "the form can ask for all that it requires")


def _words(outcome: Outcome) -> str:
    return outcome.words if isinstance(outcome, Refused | LoginRefused) else outcome.reason
