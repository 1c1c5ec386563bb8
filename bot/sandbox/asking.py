"""One interaction from the click to what the bot shows for it: reply, form, or a message only for that person."""

from bot.sandbox.forms import Form
from bot.sandbox.screen import Answer
from bot.sandbox.slack import talk
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.courier import Reply
from bot.sandbox.slack.interact import Interaction
from bot.sandbox.slack.limits import check_message
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.people import SLACKBOT
from bot.sandbox.slack.state import with_ids
from bot.sandbox.slack.wire import SlackRefusal, objects_in
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.viewer import Viewer


async def ask(
    space: Workspace,
    person: Viewer,
    kind: str,
    done: Interaction,
    channel: Channel,
    *,
    name: str = "",
    settle: float,
) -> Answer | Form | None:
    """Send it and wait: up to 3 s for the reply, then up to `settle` seconds for something new on the screen."""
    start = space.world.change()
    reply = await space.courier.ask(kind, done.payload)
    if reply.failed:
        return _failed(space, person, channel, reply, name)
    if kind == "slash_command" and (reply.content or reply.text):
        return _replied(space, person, channel, done, reply)
    return await space.world.bell.until(lambda: _news(space, person, start, done), settle)


def _news(space: Workspace, person: Viewer, start: int, done: Interaction) -> Answer | Form | None:
    view = space.views.top(person.account.id)
    if view is not None and view.changed > start:
        return Form(space, person, view)
    world = space.world
    shown = [m for m in world.ephemerals if m.ephemeral_to == person.account.id and m.changed > start]
    if done.url is not None:
        said = world.channels[done.url.channel_id].messages.values()
        shown += [m for m in said if m.answers == done.url.path]
    newest = max(shown, key=lambda m: m.changed, default=None)
    return Answer(space, person, newest) if newest is not None else None


def _replied(space: Workspace, person: Viewer, channel: Channel, done: Interaction, reply: Reply) -> Answer:
    content = reply.content or {"text": reply.text}
    text, blocks = str(content.get("text") or ""), objects_in(content.get("blocks"))
    attachments = objects_in(content.get("attachments"))
    try:
        check_message(text, blocks, attachments)
    except SlackRefusal as refusal:
        space.journal.told("slash_command")[-1].verdict = ": ".join([refusal.code, *refusal.messages])
        return _failed(space, person, channel, Reply(failed="invalid_command_response"), "")
    world = space.world
    message = Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        text=text,
        blocks=with_ids(blocks, world.serials),
        attachments=attachments,
        bot_id=world.bot_id,
        subtype="bot_message",
        ephemeral_to="" if content.get("response_type") == "in_channel" else person.account.id,
        answers=done.url.path if done.url else "",
    )
    return Answer(space, person, talk.post(world, channel, message))


def _failed(space: Workspace, person: Viewer, channel: Channel, reply: Reply, name: str) -> Answer:
    world = space.world
    message = Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        text=f'{name or "This"} failed with the error "{reply.failed}"',
        user=SLACKBOT,
        ephemeral_to=person.account.id,
    )
    return Answer(space, person, talk.post(world, channel, message), failed=reply.failed)
