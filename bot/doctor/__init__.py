"""`frontdesk doctor`: looks at everything that can be wrong outside the code, one thing after the other.

It changes nothing and posts nothing; only the bot itself is sent an event about no issue.
"""

from bot.core.clock import Clock, SystemClock
from bot.core.errors import ConfigError
from bot.db.engine import Database
from bot.doctor.finding import Finding, ill, well
from bot.doctor.installation_checks import check_installation
from bot.doctor.jira_checks import check_jira
from bot.doctor.slack_checks import check_channels, check_login, check_way_in
from bot.doctor.storage_checks import check_people, check_storage, teams_of
from bot.settings import Settings, check_for_run, load
from bot.slack.gateway import SlackGateway


async def examine(settings: Settings | None = None, clock: Clock | None = None) -> list[Finding]:
    """Every finding, in the order in which things are mended."""
    try:
        settings = settings or load()
    except ConfigError as error:
        return [ill("settings", line) for line in error.lines]
    database = Database(settings.database_url)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    slack = SlackGateway(token, settings.slack_api_url)
    try:
        return await _findings(settings, database, slack, clock or SystemClock())
    finally:
        await slack.close()
        await database.close()


async def _findings(
    settings: Settings, database: Database, slack: SlackGateway, clock: Clock
) -> list[Finding]:
    findings = _check_settings(settings)
    storage = await check_storage(database)
    findings += storage
    is_readable = all(finding.ok for finding in storage[:2])
    teams = await teams_of(database) if is_readable else []
    people = await check_people(database, teams)
    findings += await check_installation(settings, database, slack, is_readable=is_readable)
    if slack.token:
        login = await check_login(slack, clock, by_oauth=settings.by_oauth)
        findings += login
        findings += await check_way_in(settings, slack)
        if login[0].ok:
            findings += await check_channels(slack, teams)
    findings += people
    return findings + await check_jira(settings, teams, clock)


def _check_settings(settings: Settings) -> list[Finding]:
    try:
        check_for_run(settings)
    except ConfigError as error:
        return [ill("settings", line) for line in error.lines]
    return [well("settings", "complete")]
