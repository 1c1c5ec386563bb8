"""The face itself: templates, the one stage that is on, and the windows that look at it. Routes are in `server`."""

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.sandbox.face import filters
from bot.sandbox.face.blocks import drawing
from bot.sandbox.face.stage import Stage

HERE = Path(__file__).parent


class Face:
    """Renders pages about the stage that is on; `stage` is replaced when the demo begins again."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        filters.install(self.templates)
        drawing.install(self.templates)
        self.replaced = asyncio.Event()

    def play(self, stage: Stage) -> None:
        """Show another stage from now on; windows that are open go to its beginning."""
        self.stage = stage
        replaced, self.replaced = self.replaced, asyncio.Event()
        replaced.set()

    def piece(self, template: str, **context: Any) -> Markup:
        """A part of a page as HTML, which goes into other pieces as it is."""
        return Markup(self.templates.get_template(template).render(stage=self.stage, **context))

    def page(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """A whole page. `here` in the context names the entry of the rail that is lit."""
        return self.answer(self.piece(template, **context), status=status)

    def answer(self, html: str, *, status: int = 200) -> web.Response:
        """HTML as a response. Half a character, which JSON can bring in, is shown as a question mark."""
        body = html.encode("utf-8", "replace")
        return web.Response(body=body, status=status, content_type="text/html", charset="utf-8")
