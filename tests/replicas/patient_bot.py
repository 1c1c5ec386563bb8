"""`frontdesk run` with a patience that suits a busy machine, no pauses between messages, and short leases. Run by `fleet`."""

import asyncio
from datetime import timedelta

from bot.bootstrap import build
from bot.core.logs import set_up
from bot.running import serve
from bot.settings import load
from bot.slack.pace import Pace

ANSWERS_WITHIN = 12.0
LEASE = timedelta(seconds=8)


async def main() -> None:
    """Until it is told to stop."""
    settings = load()
    set_up(settings.log_level, settings.log_format)
    await serve(build(settings, pace=Pace(generous=True), answers_within=ANSWERS_WITHIN, lease=LEASE))


if __name__ == "__main__":
    asyncio.run(main())
