"""`frontdesk outbox`: what could not be sent, in people's hands. Reads words and prints; the work is in `bot.letters`."""

import sys
from typing import Annotated

import typer

from bot.console import run_work
from bot.core.errors import ConfigError

outbox_app = typer.Typer(help="What could not be sent: look, try again, drop.", rich_markup_mode=None)

_Ids = Annotated[
    list[int] | None, typer.Argument(help="Ids of entries, as `frontdesk outbox list` shows them.")
]
_All = Annotated[bool, typer.Option("--all", help="All that were given up; with --kind all of that kind.")]
_Kind = Annotated[str | None, typer.Option(help="Only this kind, such as request.card.")]


@outbox_app.callback(invoke_without_command=True)
def _outbox(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


@outbox_app.command("list")
def show(
    state: Annotated[
        list[str] | None,
        typer.Option(help="dead, doubtful, waiting or all; may be repeated. Without it: dead and doubtful."),
    ] = None,
    kind: _Kind = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many, newest first.")] = 50,
    format: Annotated[str, typer.Option(help="text, csv or json.")] = "text",
) -> None:
    """Shows what was given up, with the reason: id, kind, since when, what for. Never what people wrote."""
    from bot.letters import list_letters

    if format not in ("text", "csv", "json"):
        raise ConfigError(f"--format {format} is not known: write text, csv or json")
    sys.stdout.write(run_work(list_letters(state or (), kind, limit, format)))


@outbox_app.command("retry")
def retry(ids: _Ids = None, all_: _All = False, kind: _Kind = None) -> None:
    """Has dead letters tried again. What may have arrived is looked for first. Bots may run meanwhile."""
    from bot.letters import retry_letters

    _check(ids, all_, kind)
    print(run_work(retry_letters(ids or (), kind)))


@outbox_app.command("drop")
def drop(ids: _Ids = None, all_: _All = False, kind: _Kind = None) -> None:
    """Closes dead letters for good: --all needs --kind. Bots may run meanwhile."""
    from bot.letters import drop_letters

    _check(ids, all_, kind)
    if all_ and kind is None:
        raise ConfigError("--all drops everything of one kind: add --kind, such as --kind request.card")
    print(run_work(drop_letters(ids or (), kind)))


def _check(ids: list[int] | None, all_: bool, kind: str | None) -> None:
    if bool(ids) == all_:
        raise ConfigError("Name the ids, or write --all: `frontdesk outbox list` shows the ids")
    if kind is not None and not all_:
        raise ConfigError("--kind goes with --all: an id says already which entry is meant")
