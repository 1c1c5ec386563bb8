"""The doctor's look at Jira: the login, and the projects that teams name."""

from collections.abc import Sequence

from bot.doctor.finding import Finding, ill, well
from bot.jira.gateway import JiraGateway
from bot.outbox.outcomes import Outcome, Refused
from bot.settings import Settings, jira_problems
from bot.teams.domain import Team


async def check_jira(settings: Settings, teams: Sequence[Team]) -> list[Finding]:
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
        return await _look(jira, sorted({team.jira.project for team in teams if team.jira is not None}))
    finally:
        await jira.close()


async def _look(jira: JiraGateway, projects: Sequence[str]) -> list[Finding]:
    try:
        who = await jira.myself()
    except Outcome as outcome:
        return [ill("Jira", f"{_words(outcome)}: check JIRA_URL and the login")]
    return [well("Jira", f"logged in as {who.name}"), *[await _project(jira, key) for key in projects]]


async def _project(jira: JiraGateway, key: str) -> Finding:
    try:
        allowed = await jira.can_create(key)
    except Outcome as outcome:
        return ill(f"Jira project {key}", _words(outcome))
    if allowed:
        return well(f"Jira project {key}", "the bot may create issues")
    return ill(
        f"Jira project {key}", "the bot's account may not create issues there: give it that permission"
    )


def _words(outcome: Outcome) -> str:
    return outcome.words if isinstance(outcome, Refused) else outcome.reason
