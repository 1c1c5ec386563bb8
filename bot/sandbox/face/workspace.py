"""The workspace's pages: what a person sees in a channel, a thread, their Home tab."""

from aiohttp import web

from bot.sandbox.face.face import Face


def routes(face: Face) -> list[web.RouteDef]:
    """The pages of this room."""
    return []
