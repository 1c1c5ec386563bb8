"""An example of every block of Slack's reference: https://docs.slack.dev/reference/block-kit/blocks."""

from bot.sandbox.face.gallery_larger import larger_examples
from bot.sandbox.face.gallery_parts import (
    PICTURE,
    Example,
    actions,
    button,
    field,
    image,
    mrkdwn,
    option,
    options,
    person,
    plain,
    section,
    text,
)
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import TEAM_ID, World

# 24 November 2026, 09:30 UTC.
_WHEN = 1795512600
_DATE = f"<!date^{_WHEN}^{{date_short_pretty}} at {{time}}|24 November>"


def block_examples(world: World) -> list[Example]:
    """One example or more of every block, those that bots cannot send last."""
    return [
        *_everyday(world),
        _rich_text(world),
        *larger_examples(),
        *_refused(),
    ]


def _everyday(world: World) -> list[Example]:
    ana, bob = person(world, "ana"), person(world, "bob")
    marks = (
        f"*Refund stuck* for _order 4711_, ~not urgent~, see `refunds.py`\n> Quoted from <@{bob}>\n"
        f"<@{ana}> <#C0ASKPAY01> <!subteam^S0PAYMENTS> <!here> · <https://example.com/a?b=1|the page> · {_DATE} :eyes:"
        "\n```if a < b && c:\n    retry()```"
    )
    menu: Json = {"type": "overflow", "action_id": "more", "options": options("Edit", "Delete")}
    facts = [
        mrkdwn("*Team*\nPayments"),
        mrkdwn("*Waits since*\n09:30"),
        plain("Plain, with *no* marks :tada:"),
    ]
    return [
        Example(
            kind="header",
            words="A heading.",
            blocks=[{"type": "header", "text": plain("Refunds today :coin:")}],
        ),
        Example(
            kind="section",
            words="Words with marks, and something beside them.",
            blocks=[section(marks, accessory=menu)],
        ),
        Example(
            kind="section", words="Fields in two columns.", blocks=[{"type": "section", "fields": facts}]
        ),
        Example(
            kind="context",
            words="Small words and pictures below something.",
            blocks=[
                {
                    "type": "context",
                    "elements": [image("A lighthouse"), mrkdwn(f"Asked by <@{ana}>, {_DATE}")],
                }
            ],
        ),
        Example(
            kind="actions",
            words="A row of buttons.",
            blocks=[actions(button("Claim", "claim", style="primary"), button("Close", "close"), menu)],
        ),
        Example(
            kind="divider", words="A line.", blocks=[section("Above"), {"type": "divider"}, section("Below")]
        ),
        Example(
            kind="image",
            words="A picture. The demo loads none from elsewhere, and shows its words.",
            blocks=[{**image("A lighthouse at dusk"), "title": plain("Where we met")}],
        ),
        Example(
            kind="input",
            words="An input with its label and a hint.",
            surface="modal",
            blocks=[
                field(
                    "What do you need?",
                    {"type": "plain_text_input", "action_id": "summary", "placeholder": plain("In one line")},
                    hint=plain("The team reads this first."),
                )
            ],
        ),
        Example(
            kind="alert",
            words="A note in a form, by its level.",
            surface="modal",
            blocks=[
                {"type": "alert", "text": mrkdwn(f"This is a note of level *{level}*."), "level": level}
                for level in ("default", "info", "success", "warning", "error")
            ],
        ),
        Example(
            kind="markdown",
            words="Standard Markdown.",
            blocks=[{"type": "markdown", "text": _MARKDOWN}],
        ),
        Example(
            kind="video",
            words="A video. The demo plays none.",
            blocks=[
                {
                    "type": "video",
                    "title": plain("How refunds work"),
                    "title_url": "https://video.example.com/refunds",
                    "video_url": "https://video.example.com/embed/refunds",
                    "thumbnail_url": PICTURE,
                    "alt_text": "A lighthouse",
                    "author_name": "Alice",
                    "description": plain("Two minutes about money that goes back."),
                }
            ],
        ),
    ]


_MARKDOWN = """## What changed
1. **Refunds** are *fast* now, ~~slow~~ no more
2. See [the page](https://example.com/refunds) :rocket:

- [x] Try it
- [ ] Tell the others

> Nobody waits twice.

| Day | Refunds |
|-----|--------:|
| Mon | 12 |
| Tue | 7 |

```
retry(order)
```
"""


def _rich_text(world: World) -> Example:
    def line(*pieces: Json) -> Json:
        return {"type": "rich_text_section", "elements": list(pieces)}

    def bullets(style: str, indent: int, *words: str) -> Json:
        lines = [line(text(one)) for one in words]
        return {"type": "rich_text_list", "style": style, "indent": indent, "elements": lines}

    pieces: list[Json] = [
        text("Bold", bold=True),
        text(", "),
        text("italic", italic=True),
        text(", "),
        text("struck", strike=True),
        text(", "),
        text("under", underline=True),
        text(" and "),
        text("code", code=True),
        text(". "),
        {"type": "user", "user_id": person(world, "ana")},
        text(" "),
        {"type": "channel", "channel_id": "C0ASKPAY01"},
        text(" "),
        {"type": "usergroup", "usergroup_id": "S0PAYMENTS"},
        text(" "),
        {"type": "broadcast", "range": "here"},
        text(" "),
        {"type": "team", "team_id": TEAM_ID},
        text(" "),
        {"type": "link", "url": "https://example.com", "text": "a link"},
        text(" "),
        {"type": "emoji", "name": "tada"},
        text(" "),
        {"type": "date", "timestamp": _WHEN, "format": "{date_long} at {time}", "fallback": "24 November"},
        text(" "),
        {"type": "color", "value": "#2a9d57"},
    ]
    elements: list[Json] = [
        line(*pieces),
        bullets("bullet", 0, "First", "Second"),
        bullets("ordered", 1, "Inside the second", "And again"),
        {"type": "rich_text_quote", "elements": [text("Somebody said this.")]},
        {"type": "rich_text_preformatted", "elements": [text("if a < b:\n    retry()")]},
    ]
    return Example(
        kind="rich_text",
        words="Text as Slack's own composer makes it.",
        blocks=[{"type": "rich_text", "elements": elements}],
    )


def _refused() -> list[Example]:
    provider: Json = {
        "type": "auth_provider",
        "value": "jira",
        "name": plain("Jira"),
        "is_connected": True,
        "description": plain("Issues of the team"),
        "connected_identity": plain("ana@example.com"),
        "accessory": {
            "type": "overflow",
            "action_id": "account",
            "options": [option("Disconnect"), option("Change")],
        },
    }
    return [
        Example(kind="auth_provider", words="An account elsewhere.", blocks=[provider]),
        Example(kind="call", words="A call.", blocks=[{"type": "call", "call_id": "R0CALL0001"}]),
        Example(
            kind="file",
            words="A file kept elsewhere. Slack itself puts it into messages.",
            blocks=[{"type": "file", "external_id": "invoice-4711", "source": "remote"}],
            refused=True,
        ),
        Example(
            kind="banner",
            words="A block that Slack does not have: an error, never dropped.",
            blocks=[{"type": "banner", "text": "<b>Sale</b>"}],
            refused=True,
        ),
        Example(
            kind="slider",
            words="An element that Slack does not have.",
            blocks=[actions({"type": "slider", "action_id": "volume", "max": 11})],
            refused=True,
        ),
    ]
