"""The stage's switches: clock, faults, beginning again; and the same as a control API."""

from aiohttp import web

from bot.sandbox.face.face import Face


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    return []
