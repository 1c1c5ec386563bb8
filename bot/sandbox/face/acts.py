"""What a person does with messages: writing, reacting, shortcuts, pressing buttons."""

from aiohttp import web

from bot.sandbox.face.face import Face


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    return []
