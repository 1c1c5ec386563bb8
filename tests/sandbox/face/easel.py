"""A screen to draw on without a server: the usual cast on a Tuesday morning, seen by Ana."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.sandbox.clock import SandboxClock
from bot.sandbox.face import filters
from bot.sandbox.face.blocks import drawing
from bot.sandbox.face.blocks.surface import Surface
from bot.sandbox.face.face import HERE
from bot.sandbox.slack.cast import CHANNELS, GROUPS, PEOPLE, seed
from bot.sandbox.slack.manifest import read_manifest
from bot.sandbox.slack.world import World
from tests.sandbox.slack.tiny_bot import manifest

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def surface(name: str = "ana", kind: str = "message", **more: Any) -> Surface:
    """Where blocks are drawn, for this person. It is 09:30 UTC on 24 November 2026."""
    return Surface(kind=kind, world=_world(), me=_world().account(name), prefix="x-", **more)


@cache
def _world() -> World:
    world = World(clock=SandboxClock(lambda: NOW), manifest=read_manifest(manifest()))
    seed(world, PEOPLE, CHANNELS, GROUPS)
    return world


@cache
def templates() -> Environment:
    """The templates with all that they ask for."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters.install(environment)
    drawing.install(environment)
    return environment


def drawn(blocks: list[Any], at: Surface | None = None) -> str:
    """These blocks as HTML."""
    macros: Any = templates().get_template("blocks.html").module
    return str(macros.draw_blocks(blocks, at or surface()))


def attached(attachments: list[Any]) -> str:
    """These attachments as HTML."""
    macros: Any = templates().get_template("blocks.html").module
    return str(macros.draw_attachments(attachments, surface()))
