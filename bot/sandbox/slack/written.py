"""What people type, as Slack sends it on: escaped text with ids, and the same as a rich_text block."""

import re
from dataclasses import dataclass

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

_TOKEN = re.compile(
    r"(?P<code>```[\s\S]+?```)|(?P<link>https?://[^\s<>|]+)|(?<![\w@])@(?P<at>[\w.-]*\w)|(?<![\w#])#(?P<channel>[\w-]*\w)"
    r"|:(?P<emoji>[a-z+-][a-z0-9_+'-]*):"
)
# Pictures that people type or paste; Slack sends their names.
_PICTURES = {
    "📣": "mega",
    "👀": "eyes",
    "✅": "white_check_mark",
    "🎫": "ticket",
    "🙏": "pray",
    "👍": "+1",
    "🎉": "tada",
    "❤️": "heart",
    "🙂": "slightly_smiling_face",
    "😀": "grinning",
}
_BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True, kw_only=True)
class Written:
    """A person's text in both forms, and whether it mentions the bot."""

    text: str
    blocks: list[Json]
    mentions_bot: bool


def escape(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def emoji_name(emoji: str) -> str:
    """The name of an emoji given as `ticket`, `:ticket:` or a picture."""
    return _PICTURES.get(emoji, emoji.strip(":"))


def link_names(world: World, text: str) -> str:
    """What `link_names` makes of a bot's text: `@name` and `#channel` become mentions, the rest stays."""

    def link(found: re.Match[str]) -> str:
        if found["at"]:
            piece = _mention(world, found["at"])
        else:
            piece = _piece(world, found) if found["channel"] else None
        return piece[0] if piece else found.group()

    return _TOKEN.sub(link, text)


def write(world: World, typed: str, block_id: str) -> Written:
    """Read what was typed; `@name`, `#channel`, addresses and `:emoji:` become what Slack makes of them."""
    words: list[str] = []
    parts: list[Json] = []
    sections: list[Json] = []
    at = 0
    for picture, name in _PICTURES.items():
        typed = typed.replace(picture, f":{name}:")
    for found in _TOKEN.finditer(typed):
        piece = _piece(world, found)
        if piece is None:
            continue
        _plain(typed[at : found.start()], words, parts)
        at = found.end()
        words.append(piece[0])
        if piece[1]["type"] == "rich_text_preformatted":
            _close(parts, sections)
            sections.append(piece[1])
        else:
            parts.append(piece[1])
    _plain(typed[at:], words, parts)
    _close(parts, sections)
    blocks: list[Json] = (
        [{"type": "rich_text", "block_id": block_id, "elements": sections}] if sections else []
    )
    text = "".join(words)
    return Written(text=text, blocks=blocks, mentions_bot=f"<@{world.bot_user_id}>" in text)


def escape_command(world: World, typed: str) -> str:
    """A slash command's text under `should_escape`: names become `<@U…|name>` and `<#C…|name>`."""
    words: list[str] = []
    at = 0
    for found in _TOKEN.finditer(typed):
        words.append(escape(typed[at : found.start()]))
        at = found.end()
        words.append(_command_piece(world, found))
    return "".join(words) + escape(typed[at:])


def _plain(text: str, words: list[str], parts: list[Json]) -> None:
    if text:
        words.append(escape(text))
        parts.append({"type": "text", "text": text})


def _close(parts: list[Json], sections: list[Json]) -> None:
    if parts:
        sections.append({"type": "rich_text_section", "elements": list(parts)})
        parts.clear()


def _piece(world: World, found: re.Match[str]) -> tuple[str, Json] | None:
    if code := found["code"]:
        inside = code[3:-3].strip("\n")
        element: Json = {
            "type": "rich_text_preformatted",
            "elements": [{"type": "text", "text": inside}],
            "border": 0,
        }
        return escape(code), element
    if link := found["link"]:
        return f"<{escape(link)}>", {"type": "link", "url": link}
    if emoji := found["emoji"]:
        return f":{emoji}:", {"type": "emoji", "name": emoji}
    if name := found["channel"]:
        channel = next((c for c in world.channels.values() if c.name == name), None)
        return (
            None
            if channel is None
            else (f"<#{channel.id}|{name}>", {"type": "channel", "channel_id": channel.id})
        )
    return _mention(world, found["at"])


def _mention(world: World, name: str) -> tuple[str, Json] | None:
    if name in _BROADCASTS:
        return f"<!{name}>", {"type": "broadcast", "range": name}
    if account := _account(world, name):
        return f"<@{account}>", {"type": "user", "user_id": account}
    group = next((g for g in world.groups.values() if g.handle == name), None)
    if group is None:
        return None
    return f"<!subteam^{group.id}>", {"type": "usergroup", "usergroup_id": group.id}


def _command_piece(world: World, found: re.Match[str]) -> str:
    name = found["at"]
    if name and (account := _account(world, name)):
        return f"<@{account}|{name}>"
    piece = _piece(world, found)
    return piece[0] if piece else escape(found.group())


def _account(world: World, name: str) -> str:
    lowered = name.lower()
    return next((p.id for p in world.people.values() if p.name.lower() == lowered and not p.deleted), "")
