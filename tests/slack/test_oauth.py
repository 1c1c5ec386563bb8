"""What Slack gives for a code, however it comes over the line."""

import asyncio
import json

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.slack.oauth import OAuthClient, exchange

ANSWER = json.dumps(
    {"ok": True, "token_type": "bot", "access_token": "xoxb-1", "team": {"id": "T1", "name": "Office"}}
).encode()
CLIENT = OAuthClient(client_id="1.2", client_secret="3", redirect_uri="https://frontdesk.example.com/back")


async def _in_pieces(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for piece in (ANSWER[:20], ANSWER[20:]):
        await response.write(piece)
        await asyncio.sleep(0.05)
    return response


async def test_an_answer_that_comes_in_pieces_is_read_whole() -> None:
    app = web.Application()
    app.router.add_post("/api/oauth.v2.access", _in_pieces)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        granted = await exchange(session, str(server.make_url("/api/")), CLIENT, "code")
    assert (granted.token, granted.workspace_id) == ("xoxb-1", "T1")
