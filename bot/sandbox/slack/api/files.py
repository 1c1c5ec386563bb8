"""`files.*`: uploads in two steps (https://docs.slack.dev/messaging/working-with-files) and looking at a file."""

from bot.sandbox.slack import talk
from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.channels import Channel
from bot.sandbox.slack.files import File
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.wire import Call, Json, SlackRefusal
from bot.sandbox.slack.world import APP_ID

_WRITE = ("files:write",)


def show(office: Office, call: Call) -> Json:
    """A file that the bot may see."""
    found = office.files.stored.get(call.required("file", "file_not_found"))
    if found is None or not office.files.readable_by_bot(found):
        raise SlackRefusal("file_not_found")
    paging = {"count": 0, "total": 0, "page": 1, "pages": 0}
    return {"ok": True, "file": office.files.detailed_shape(found), "comments": [], "paging": paging}


def upload_url(office: Office, call: Call) -> Json:
    """An address that takes the bytes of one file."""
    name = call.required("filename")
    call.required("length")
    found = office.files.keep(name, b"", user=office.world.bot_user_id, complete=False)
    found.announced = call.number("length", 0, most=1024**3)
    return {"ok": True, "upload_url": f"{office.base_url}/upload/{found.id}", "file_id": found.id}


def complete_upload(office: Office, call: Call) -> Json:
    """Finish uploads and share them into a channel, as one message."""
    wanted = call.objects("files") or []
    if not wanted:
        raise SlackRefusal("invalid_arguments", "[ERROR] missing required field: files")
    files = [_finished(office, str(item.get("id")), str(item.get("title", ""))) for item in wanted]
    if call.has("channel_id"):
        channel = office.world.seen_by_bot(call.text("channel_id"))
        _share(office, call, channel, files)
    return {"ok": True, "files": [office.files.detailed_shape(found) for found in files]}


def _finished(office: Office, file_id: str, title: str) -> File:
    found = office.files.stored.get(file_id)
    if found is None or found.user != office.world.bot_user_id:
        raise SlackRefusal("file_not_found")
    if found.announced is not None and len(found.content) != found.announced:
        # Its bytes never came, or were not taken.
        raise SlackRefusal("file_not_found")
    found.complete = True
    found.title = title or found.name
    return found


def _share(office: Office, call: Call, channel: Channel, files: list[File]) -> None:
    world = office.world
    if world.bot_user_id not in channel.members:
        raise SlackRefusal("not_in_channel")
    thread_ts = call.text("thread_ts")
    if thread_ts and thread_ts not in channel.messages:
        raise SlackRefusal("invalid_thread_ts")
    for found in files:
        found.channels.append(channel.id)
    message = Message(
        ts=world.now_ts(),
        channel_id=channel.id,
        text=call.text("initial_comment"),
        user=world.bot_user_id,
        bot_id=world.bot_id,
        app_id=APP_ID,
        files=[office.files.shape(found) for found in files],
        thread_ts=thread_ts,
    )
    talk.post(world, channel, message)


METHODS = {
    "files.info": Method(run=show, scopes=("files:read",), tier="4"),
    "files.getUploadURLExternal": Method(run=upload_url, scopes=_WRITE, tier="4"),
    "files.completeUploadExternal": Method(run=complete_upload, scopes=_WRITE, tier="4"),
}
