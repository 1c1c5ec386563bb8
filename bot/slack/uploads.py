"""Files that the bot gives to people, in Slack's two steps: an address for the bytes, then sharing what was sent there.

Documentation: https://docs.slack.dev/messaging/working-with-files ("Uploading files"). Needs the scope `files:write`.
"""

from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.core.wire import inner, objects
from bot.outbox.delivery import Ref
from bot.outbox.outcomes import Doubt, Later, Refused
from bot.slack.files import AGAIN_SECONDS, own_address
from bot.slack.gateway import SlackGateway
from bot.slack.posting import AFTER, BEFORE, MOST_PAGES

UPLOAD_SECONDS = 8


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file and the words above it. `name` is of this file alone, so that it can be found again."""

    name: str
    title: str
    content: bytes
    comment: str


async def upload(slack: SlackGateway, channel: str, file: Upload) -> Ref:
    """Shares the file in this channel. Until the last call nobody sees anything of it.

    Raises the outcomes of the gateway; Doubt only where it may be there.
    """
    try:
        place = await slack.call("files.getUploadURLExternal", filename=file.name, length=len(file.content))
    except Doubt as error:
        raise Later(error.reason, after=2.0) from error
    await _send(slack, str(place.get("upload_url") or ""), file.content)
    await slack.call(
        "files.completeUploadExternal",
        files=[{"id": place.get("file_id"), "title": file.title}],
        channel_id=channel,
        initial_comment=file.comment,
    )
    return {"channel": channel, "file": place.get("file_id")}


async def _send(slack: SlackGateway, address: str, content: bytes) -> None:
    url = own_address(slack, address)
    timeout = aiohttp.ClientTimeout(total=UPLOAD_SECONDS)
    try:
        async with slack.session.post(url, data=content, allow_redirects=False, timeout=timeout) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise Later(f"no answer to an upload ({type(error).__name__})", after=AGAIN_SECONDS) from error
    if status == 429 or status >= 500:
        raise Later(f"Slack's uploads answer {status}", after=AGAIN_SECONDS)
    if status != 200:
        raise Refused(f"Slack's uploads answer {status}", words="Slack did not take the file.")


async def find_upload(slack: SlackGateway, channel: str, name: str, since: datetime) -> Ref | None:
    """The message with the file of this name, shared within an hour of then; None when it is not there.

    Raises Later where Slack does not answer.
    """
    cursor = ""
    for _ in range(MOST_PAGES):
        try:
            answer = await slack.call(
                "conversations.history",
                channel=channel,
                oldest=f"{(since - BEFORE).timestamp():.6f}",
                latest=f"{(since + AFTER).timestamp():.6f}",
                limit=200,
                **({"cursor": cursor} if cursor else {}),
            )
        except Doubt as error:
            raise Later(error.reason, after=2.0) from error
        for message in objects(answer, "messages"):
            for file in objects(message, "files"):
                if file.get("name") == name:
                    return {"channel": channel, "file": file.get("id")}
        cursor = str(inner(answer, "response_metadata").get("next_cursor") or "")
        if not cursor:
            return None
    raise Refused("too much was written there to look through")
