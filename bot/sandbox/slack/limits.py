"""What a whole message or view may hold; refusals in Slack's words. Rules of single blocks are in `blocks`."""

from bot.sandbox.slack.blocks import check_blocks, text_length
from bot.sandbox.slack.checks import Complaints
from bot.sandbox.slack.wire import Json, SlackRefusal, is_list, is_object, objects_in

MOST_TEXT = 40_000
# Not documented: measured on real workspaces, see https://docs.slack.dev/reference/methods/chat.postMessage for the error.
MOST_BLOCK_TEXT = 11_000
_VIEW_FIELDS = (
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
)


def check_message(text: str, blocks: list[Json] | None, attachments: list[Json] | None = None) -> None:
    """Raise as `chat.postMessage` does for content that Slack does not take."""
    if not text and not blocks and not attachments:
        raise SlackRefusal("no_text")
    if len(text) > MOST_TEXT:
        raise SlackRefusal("msg_too_long")
    if complaints := check_blocks(blocks or [], "message"):
        raise SlackRefusal("invalid_blocks", *complaints, errors=complaints)
    for index, attachment in enumerate(attachments or []):
        inner = objects_in(attachment.get("blocks"))
        if complaints := check_blocks(inner, "message", f"/attachments/{index}/blocks"):
            raise SlackRefusal("invalid_attachments", *complaints)
    if text_length(blocks or []) > MOST_BLOCK_TEXT:
        raise SlackRefusal("msg_blocks_too_long")


def check_metadata(metadata: Json | None) -> None:
    """Message metadata: https://docs.slack.dev/messaging/message-metadata."""
    if metadata is None:
        return
    if not isinstance(metadata.get("event_type"), str) or not is_object(metadata.get("event_payload")):
        raise SlackRefusal("invalid_metadata_format")


def check_view(view: Json, kinds: tuple[str, ...]) -> None:
    """Raise as `views.open` does for a view that Slack does not take: https://docs.slack.dev/reference/views."""
    found = Complaints()
    kind = str(view.get("type"))
    if kind not in kinds:
        raise SlackRefusal("invalid_arguments", f"[ERROR] unsupported type: {kind} [json-pointer:/view/type]")
    found.unknown(view, "/view", _VIEW_FIELDS)
    found.text(view, "title", "/view", most=24, needed=kind == "modal")
    found.text(view, "submit", "/view", most=24)
    found.text(view, "close", "/view", most=24)
    found.string(view, "private_metadata", "/view", most=3000)
    found.string(view, "callback_id", "/view", most=255)
    found.string(view, "external_id", "/view", most=255)
    blocks = view.get("blocks")
    if not is_list(blocks) or len(objects_in(blocks)) != len(blocks):
        found.add("/view/blocks", "must be a list of objects")
    else:
        found.found += check_blocks(blocks, kind, "/view/blocks")
        _check_submit(found, view, blocks, kind)
    if found.found:
        raise SlackRefusal("invalid_arguments", *found.found)


def _check_submit(found: Complaints, view: Json, blocks: list[Json], kind: str) -> None:
    has_input = any(block.get("type") == "input" for block in blocks)
    if kind == "modal" and has_input and not view.get("submit"):
        found.add("/view/submit", "must be provided when an input block is in the view")
