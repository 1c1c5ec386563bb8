"""What the product is compared with: a plain Bolt app on its own aiohttp server that only acknowledges.

As in Bolt's documentation: the signature is checked, nothing is kept. `app.start()` would not return.
"""

import asyncio
import sys

from aiohttp import web
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult


async def acknowledge(ack: AsyncAck) -> None:
    await ack("Recorded.")


async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Asks nobody, as the product does: otherwise every call would wait for `auth.test`."""
    return AuthorizeResult(
        enterprise_id=enterprise_id, team_id=team_id, bot_user_id="U0BENCHBOT", bot_token="xoxb-bench"
    )


async def serve(secret: str) -> None:
    """Runs until the process is ended; the address is the only line on standard output."""
    app = AsyncApp(signing_secret=secret, authorize=authorize)
    app.command("/ask-team")(acknowledge)  # pyright: ignore[reportUnknownMemberType]
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
