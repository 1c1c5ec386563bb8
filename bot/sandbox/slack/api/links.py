"""`chat.unfurl`: https://docs.slack.dev/reference/methods/chat.unfurl. What is told of addresses is in `bot.sandbox.slack.links`."""

from bot.sandbox.slack import links, talk
from bot.sandbox.slack.api.method import Method, Office
from bot.sandbox.slack.blocks import check_blocks
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.state import with_ids
from bot.sandbox.slack.wire import Call, Json, SlackRefusal, is_list, is_object, objects_in
from bot.sandbox.slack.world import APP_ID, World


def unfurl(office: Office, call: Call) -> Json:
    """Put what the bot makes of a message's addresses below it; a second answer replaces the first."""
    world = office.world
    message = _message(world, call)
    given = call.object("unfurls")
    if not given:
        raise SlackRefusal("missing_unfurls")
    urls = {str(link["url"]) for link in links.shared(message, world.manifest.unfurl_domains)}
    ours: list[Json] = []
    for url, shown in given.items():
        if url not in urls:
            raise SlackRefusal("cannot_unfurl_url")
        ours.append(_attachment(world, url, shown))
    others = [one for one in message.attachments if one.get("app_id") != APP_ID]
    talk.attach(world, message, others + [one | {"id": at} for at, one in enumerate(ours, len(others) + 1)])
    return {"ok": True}


def _message(world: World, call: Call) -> Message:
    if call.has("unfurl_id") or call.has("source"):
        return _named(world, call)
    if not call.has("channel"):
        raise SlackRefusal("missing_channel")
    if not call.has("ts"):
        raise SlackRefusal("missing_ts")
    try:
        channel = world.seen_by_bot(call.text("channel"))
    except SlackRefusal:
        raise SlackRefusal("cannot_find_channel") from None
    message = channel.messages.get(call.text("ts"))
    if message is None or message.subtype == "tombstone":
        raise SlackRefusal("cannot_find_message")
    return message


def _named(world: World, call: Call) -> Message:
    if not call.has("unfurl_id"):
        raise SlackRefusal("missing_unfurl_id")
    if not call.has("source"):
        raise SlackRefusal("missing_source")
    if call.text("source") != links.SOURCE:
        raise SlackRefusal("invalid_source")
    wanted = call.text("unfurl_id")
    channel = world.channels.get(wanted.partition(".")[0])
    found = channel.messages.values() if channel else ()
    message = next((one for one in found if links.unfurl_id(one) == wanted), None)
    if message is None:
        raise SlackRefusal("invalid_unfurl_id")
    return message


def _attachment(world: World, url: str, shown: object) -> Json:
    if not is_object(shown):
        raise SlackRefusal(
            "invalid_unfurls_format", f"[ERROR] must be an object [json-pointer:/unfurls/{url}]"
        )
    blocks = shown.get("blocks")
    if blocks is not None and (not is_list(blocks) or len(objects_in(blocks)) != len(blocks)):
        raise SlackRefusal("invalid_unfurls_format")
    if complaints := check_blocks(objects_in(blocks), "message", f"/unfurls/{url}/blocks"):
        raise SlackRefusal("invalid_blocks", *complaints, errors=complaints)
    made = {**shown, "from_url": url, "app_unfurl_url": url, "is_app_unfurl": True}
    made |= {"app_id": APP_ID, "bot_id": world.bot_id}
    return made | ({"blocks": with_ids(objects_in(blocks), world.serials)} if blocks else {})


METHODS = {"chat.unfurl": Method(run=unfurl, scopes=("links:write",), tier="3")}
