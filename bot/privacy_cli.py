"""`frontdesk privacy`: one person's data. Reads words and prints; the work is in `bot.personal`."""

import sys
from typing import Annotated

import typer

from bot.console import run_work
from bot.core.errors import ConfigError

privacy_app = typer.Typer(
    help="One person's data: hand it out, take it away for good.", rich_markup_mode=None
)

_Person = Annotated[
    str, typer.Argument(metavar="USER", help="The person's id, such as U0ALICE001 (profile, Copy member ID).")
]


@privacy_app.callback(invoke_without_command=True)
def _privacy(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@privacy_app.command("export")
def export(user: _Person) -> None:
    """Prints everything that names the person or that they wrote, as JSON on standard output."""
    from bot.personal import exported_person

    sys.stdout.write(run_work(exported_person(user)))


@privacy_app.command("erase")
def erase(
    user: _Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. There is no way back.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much there is.")] = False,
) -> None:
    """Takes the person's words and id out of every table; what is counted stays. Bots may run meanwhile."""
    from bot.personal import erased_person, looked_for

    if yes == dry_run:
        raise ConfigError("There is no way back: look first with --dry-run, then write --yes")
    lines = run_work(looked_for(user) if dry_run else erased_person(user))
    print("\n".join(lines))
    print(
        "dry run: nothing was changed"
        if dry_run
        else f"{user} is erased; backups and Slack itself are yours to clear"
    )
