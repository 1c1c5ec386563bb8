"""What people type, as Slack sends it on: escaped text with ids, and the same as a rich_text block."""

import re
from dataclasses import dataclass
from itertools import groupby

import emoji as emoji_names

from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

_TOKEN = re.compile(
    r"(?P<code>```[\s\S]+?```)|(?P<link>https?://[^\s<>|]+)|(?<![\w@])@(?P<at>[\w.-]*\w)|(?<![\w#])#(?P<channel>[\w-]*\w)"
    r"|:(?P<emoji>[a-z+-][a-z0-9_+'-]*):"
)
_CODE = re.compile(r"(```[\s\S]+?```)")
# What the composer of Slack's client also makes something of, before it looks for any name.
_MARKED = re.compile(
    r"(?<![\w`])`(?P<mono>[^`\n]+)`(?![\w`])|(?P<address>https?://[^\s<>|]+)|"
    + "|".join(
        rf"(?<![\w{mark}]){mark}(?P<{name}>(?=\S)[^{mark}\n]*(?<=\S)){mark}(?![\w{mark}])"
        for name, mark in (("bold", r"\*"), ("italic", "_"), ("strike", "~"))
    )
)
_MARKS = {"bold": "*", "italic": "_", "strike": "~"}
_QUOTED = "> "
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
    """Read what was typed; `@name`, `#channel`, addresses and `:emoji:` become what Slack makes of them.

    `*bold*`, `_italic_`, `~strike~`, code and quoted lines are styled in the block; the text keeps their marks.
    """
    words: list[str] = []
    sections: list[Json] = []
    for picture, name in _PICTURES.items():
        typed = typed.replace(picture, f":{name}:")
    for at, piece in enumerate(_CODE.split(typed)):
        if at % 2:
            words.append(escape(piece))
            sections.append(_preformatted(piece))
        elif piece:
            _lines(world, piece, words, sections)
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


def _preformatted(code: str) -> Json:
    inside = code[3:-3].strip("\n")
    return {
        "type": "rich_text_preformatted",
        "elements": [{"type": "text", "text": inside}],
        "border": 0,
    }


def _lines(world: World, typed: str, words: list[str], sections: list[Json]) -> None:
    """Text without code blocks: quoted lines apart, everything else as it stands."""
    groups = [
        (quoted, list(lines))
        for quoted, lines in groupby(typed.split("\n"), lambda one: one.startswith(_QUOTED))
    ]
    for at, (quoted, lines) in enumerate(groups, start=1):
        end = "\n" if at < len(groups) else ""
        if quoted:
            text, parts = _styled(world, "\n".join(line.removeprefix(_QUOTED) for line in lines))
            text = "\n".join(escape(_QUOTED) + line for line in text.split("\n")) + end
        else:
            text, parts = _styled(world, "\n".join(lines) + end)
        words.append(text)
        if parts:
            kind = "rich_text_quote" if quoted else "rich_text_section"
            sections.append({"type": kind, "elements": parts})


def _styled(world: World, typed: str, marks: tuple[str, ...] = ()) -> tuple[str, list[Json]]:
    """The text and the pieces of a line or several, each piece with these marks and those inside."""
    words: list[str] = []
    parts: list[Json] = []
    at = 0
    for found in _MARKED.finditer(typed):
        kind = str(found.lastgroup)
        _named(world, typed[at : found.start()], marks, words, parts)
        at = found.end()
        if kind in _MARKS:
            text, inside = _styled(world, found[kind], (*marks, kind))
            words.append(f"{_MARKS[kind]}{text}{_MARKS[kind]}")
            parts += inside
        elif kind == "mono":
            words.append(escape(found.group()))
            parts.append(_with({"type": "text", "text": found[kind]}, (*marks, "code")))
        else:
            _named(world, found.group(), marks, words, parts)
    _named(world, typed[at:], marks, words, parts)
    return "".join(words), parts


def _named(world: World, typed: str, marks: tuple[str, ...], words: list[str], parts: list[Json]) -> None:
    """Text in which names, addresses and emoji are all that is left to find."""
    at = 0
    for found in _TOKEN.finditer(typed):
        piece = _piece(world, found)
        if piece is None:
            continue
        _plain(typed[at : found.start()], marks, words, parts)
        at = found.end()
        words.append(piece[0])
        parts.append(_with(piece[1], marks))
    _plain(typed[at:], marks, words, parts)


def _plain(text: str, marks: tuple[str, ...], words: list[str], parts: list[Json]) -> None:
    if text:
        words.append(escape(text))
        parts.append(_with({"type": "text", "text": text}, marks))


def _with(piece: Json, marks: tuple[str, ...]) -> Json:
    return piece | {"style": dict.fromkeys(marks, True)} if marks else piece


def _piece(world: World, found: re.Match[str]) -> tuple[str, Json] | None:
    if code := found["code"]:
        return escape(code), _preformatted(code)
    if link := found["link"]:
        return f"<{escape(link)}>", {"type": "link", "url": link}
    if emoji := found["emoji"]:
        return f":{emoji}:", _emoji(emoji)
    if name := found["channel"]:
        channel = next((c for c in world.channels.values() if c.name == name), None)
        return (
            None
            if channel is None
            else (f"<#{channel.id}|{name}>", {"type": "channel", "channel_id": channel.id})
        )
    return _mention(world, found["at"])


def _emoji(name: str) -> Json:
    """An emoji with the code points of its character, as Slack sends them along; one of the workspace's own has none."""
    character = emoji_names.emojize(f":{name}:", language="alias")
    known = {} if character.startswith(":") else {"unicode": "-".join(f"{ord(one):x}" for one in character)}
    return {"type": "emoji", "name": name, **known}


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
