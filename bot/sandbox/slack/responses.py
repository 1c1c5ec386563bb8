"""What a post to a response url does: answer, replace or delete (https://docs.slack.dev/interactivity/handling-user-interaction)."""

from bot.sandbox.slack import talk
from bot.sandbox.slack.doors import ResponseUrl
from bot.sandbox.slack.limits import check_message
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import with_ids
from bot.sandbox.slack.wire import Json, SlackRefusal, is_list, objects_in
from bot.sandbox.slack.world import World


def answer(world: World, url: ResponseUrl, body: Json) -> Message | None:
    """Do what the body asks; returns the message that stands there now."""
    if body.get("delete_original") is True:
        if url.source is None:
            raise SlackRefusal("no_original")
        talk.delete(world, url.source)
        return None
    text = str(body.get("text") or "")
    raw_blocks, raw_attachments = body.get("blocks"), body.get("attachments")
    if raw_blocks is not None and not is_list(raw_blocks):
        raise SlackRefusal("invalid_blocks_format")
    blocks, attachments = objects_in(raw_blocks), objects_in(raw_attachments)
    check_message(text, blocks, attachments)
    placed = with_ids(blocks, world.serials)
    if body.get("replace_original") is True and url.source is not None:
        talk.edit(world, url.source, by=world.bot_id, text=text, blocks=placed, attachments=attachments)
        return url.source
    return _post(world, url, body, text, placed, attachments)


def _post(
    world: World, url: ResponseUrl, body: Json, text: str, blocks: list[Json], attachments: list[Json]
) -> Message:
    in_channel = body.get("response_type") == "in_channel"
    channel = world.channels[url.channel_id]
    thread_ts = str(body.get("thread_ts") or "")
    if thread_ts and thread_ts not in channel.messages:
        raise SlackRefusal("thread_not_found")
    message = Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        text=text,
        blocks=blocks,
        attachments=attachments,
        bot_id=world.bot_id,
        subtype="bot_message",
        thread_ts=thread_ts,
        ephemeral_to="" if in_channel else url.person,
        answers=url.path,
    )
    return talk.post(world, channel, message)
