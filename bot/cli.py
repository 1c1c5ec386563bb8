"""The command line: reads words and settings, calls what does the work, and prints. Nothing else is decided here.

Heavy libraries are imported by the command that needs them, so that `--help` is quick.
"""

import asyncio
import sys
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any

import typer

from bot import __version__
from bot.console import end, run_work
from bot.core.errors import ConfigError
from bot.outbox_cli import outbox_app

app = typer.Typer(
    name="frontdesk",
    help="One Slack app for your teams: requests, their triage queues, and the way on to Jira.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
export_app = typer.Typer(help="Prints what the database holds.", rich_markup_mode=None)
app.add_typer(export_app, name="export")
app.add_typer(outbox_app, name="outbox")

# Everything that typer raises for bad usage; it does not publish the name itself.
_USAGE: type[Exception] = typer.BadParameter.__mro__[1]


def main() -> None:
    """Runs the command that was typed. Errors: one line each on standard error; 2 for bad usage or settings."""
    sys.excepthook = _unexpected
    try:
        # Calling the app itself would put its own hook for errors over ours.
        code = typer.main.get_command(app).main(standalone_mode=False)
    except ConfigError as error:
        end(2, *error.lines)
    except _USAGE as error:
        end(2, f"{_message(error)}. `frontdesk --help` shows what there is")
    except typer.Abort:
        end(130)
    sys.exit(code if isinstance(code, int) else 0)


def _message(error: Any) -> str:
    words = " ".join(str(error.format_message()).split())
    return words.replace("Input should be", "must be").partition(", unable to")[0].rstrip(".")


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """One line for people instead of a trace; with LOG_LEVEL=DEBUG the trace too."""
    import os

    from bot.core.logs import redact

    if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG":
        sys.__excepthook__(kind, error, trace)
    if kind is KeyboardInterrupt:
        # Python ends with 130 after an interrupt by itself.
        return
    words = " ".join(str(error).split())
    print(
        f"frontdesk: {redact(words) or kind.__name__} ({kind.__name__}); LOG_LEVEL=DEBUG shows more",
        file=sys.stderr,
    )


def _version(wanted: bool) -> None:
    if wanted:
        print(f"frontdesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command()
def run(
    migrate: Annotated[
        bool, typer.Option("--migrate/--no-migrate", help="Bring the database to the newest migration first.")
    ] = True,
) -> None:
    """The bot: Socket Mode with SLACK_APP_TOKEN, else Slack over HTTP. Ends cleanly on SIGTERM and SIGINT."""
    from bot.core.logs import set_up
    from bot.settings import check_for_run, load

    settings = load()
    check_for_run(settings)
    set_up(settings.log_level, settings.log_format)

    from bot.bootstrap import build
    from bot.running import serve

    async def go() -> None:
        await serve(build(settings), migrate=migrate)

    asyncio.run(go())


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(help="The port of this machine where it opens; 0 takes any free one.")
    ] = 7007,
    no_browser: Annotated[
        bool,
        typer.Option("--no-browser", help="Only print the address. Without a terminal that is so anyway."),
    ] = False,
    database: Annotated[
        str | None,
        typer.Option(
            help="A file, sqlite:///path or postgresql://…, empty or of an earlier demo; it is EMPTIED at each start"
            " and reset. Without it, a file that goes with the demo."
        ),
    ] = None,
    seed: Annotated[
        str,
        typer.Option(
            help="How it begins: story, busy (5,000 more messages), empty, or a whole number: busy, thrown with it."
        ),
    ] = "story",
    jira: Annotated[str, typer.Option(help="The Jira beside it: cloud or datacenter.")] = "cloud",
) -> None:
    """The same bot with no tokens, in the browser: a workspace and a Jira on this machine. Ends with Ctrl-C."""
    from bot.sandbox import launcher

    wishes = launcher.read_wishes(port=port, database=database, seed=seed, jira=jira)
    launcher.demo(wishes, no_browser=no_browser)


@app.command()
def migrate() -> None:
    """Brings the database to the newest migration."""
    from bot.commands import bring_up_to_date

    print(run_work(bring_up_to_date()))


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The teams file, such as teams.yml.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, change nothing.")
    ] = False,
) -> None:
    """Makes the database match the teams file and prints what changes."""
    from bot.commands import apply_file

    done = run_work(apply_file(file, dry_run=dry_run))
    print("\n".join(done.changed) or "nothing changes: the database matches the file")
    for line in done.staying:
        print(line)
    if done.changed and dry_run:
        print("dry run: nothing was changed")


@app.command()
def doctor() -> None:
    """Checks settings, database, Slack, Jira, the teams' channels and the clock; 1 if anything fails."""
    from bot.doctor import examine

    failed = False
    for finding in run_work(examine()):
        failed = failed or not finding.ok
        print(finding.line)
    if failed:
        raise typer.Exit(1)


@app.command()
def status(
    format: Annotated[str, typer.Option(help="text or json.")] = "text",
) -> None:
    """What waits, what was given up, how well it worked in the last 28 days; ends with 1 if the database is away."""
    if format not in ("text", "json"):
        raise ConfigError(f"--format {format} is not known: write text or json")
    from bot.status import status as look

    fine, text = run_work(look(format))
    sys.stdout.write(text)
    if not fine:
        raise typer.Exit(1)


@export_app.callback(invoke_without_command=True)
def _export(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@export_app.command("requests")
def export_requests(
    team: Annotated[str | None, typer.Option(help="A team's key; without it, all teams.")] = None,
    since: Annotated[
        str | None, typer.Option(help="From this day on (the team's days; UTC for all teams).")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to the end of this day, such as 2026-11-30.")] = None,
    format: Annotated[str, typer.Option(help="csv or json.")] = "csv",
) -> None:
    """Prints the requests as CSV or JSON on standard output."""
    from bot.export import exported_requests

    sys.stdout.write(run_work(exported_requests(team, *_span(since, until, format), format)))


@export_app.command("standups")
def export_standups(
    team: Annotated[str | None, typer.Option(help="A team's key; without it, all teams.")] = None,
    since: Annotated[str | None, typer.Option(help="From this day on, such as 2026-11-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day, that day included.")] = None,
    format: Annotated[str, typer.Option(help="csv or json.")] = "csv",
) -> None:
    """Prints who answered which check-in as CSV or JSON on standard output; not what they wrote."""
    from bot.export import exported_standups

    sys.stdout.write(run_work(exported_standups(team, *_span(since, until, format), format)))


@export_app.command("teams")
def export_teams() -> None:
    """Prints all teams as a teams file on standard output, which `frontdesk apply` takes."""
    from bot.export import exported_teams

    sys.stdout.write(run_work(exported_teams()))


def _span(since: str | None, until: str | None, format: str) -> tuple[date | None, date | None]:
    if format not in ("csv", "json"):
        raise ConfigError(f"--format {format} is not known: write csv or json")
    first, last = _day("--since", since), _day("--until", until)
    if first and last and first > last:
        raise ConfigError(f"--since {since} is after --until {until}: turn them round")
    return first, last


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{option} {text} is not a date: write it like 2026-11-30") from None
