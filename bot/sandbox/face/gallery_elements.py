"""An example of every element of Slack's reference: https://docs.slack.dev/reference/block-kit/block-elements."""

from bot.sandbox.face.gallery_larger import FEEDBACK, TRASH
from bot.sandbox.face.gallery_parts import (
    Example,
    actions,
    button,
    field,
    image,
    option,
    options,
    person,
    plain,
    section,
)
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.world import World

_DAYS = ("Monday", "Tuesday", "Friday")
# What the examples of external selects find, in place of a bot.
CITIES = options("Kyiv", "Lisbon", "Lima", "Lyon", "Tokyo")


def element_examples(world: World) -> list[Example]:
    """One example or more of every element, where Slack takes it."""
    return [*_buttons(), *_boxes(), *_selects(world), *_multi_selects(world), *_moments(), *_texts()]


def _row(kind: str, words: str, *elements: Json) -> Example:
    return Example(kind=kind, words=words, blocks=[actions(*elements)])


def _form(kind: str, words: str, *blocks: Json) -> Example:
    return Example(kind=kind, words=words, blocks=list(blocks), surface="modal")


def _buttons() -> list[Example]:
    sure = {
        "title": plain("Close it?"),
        "text": plain("The asker is told."),
        "confirm": plain("Close"),
        "deny": plain("Keep open"),
        "style": "danger",
    }
    workflow = {
        "type": "workflow_button",
        "action_id": "workflow",
        "text": plain("Start the workflow"),
        "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft0123ABC456/321"}},
    }
    menu: Json = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("Edit"), option("Open the page", url="https://example.com/refunds")],
    }
    source: Json = {"type": "url", "url": "https://example.com/refunds", "text": "How refunds work"}
    task: Json = {
        "type": "task_card",
        "task_id": "task-9",
        "title": "Read",
        "status": "complete",
        "sources": [source],
    }
    return [
        _row(
            "button",
            "Plain, primary, asking first, and leading elsewhere.",
            button("Look", "look"),
            button("Claim", "claim", style="primary", value="7"),
            button("Close", "close", style="danger", confirm=sure),
            button("Page", "page", url="https://example.com/refunds"),
        ),
        _row("overflow", "More than fits beside.", menu),
        _row("workflow_button", "Slack starts a workflow; the demo has none.", workflow),
        Example(
            kind="feedback_buttons",
            words="Good or bad.",
            blocks=[{"type": "context_actions", "elements": [FEEDBACK]}],
        ),
        Example(
            kind="icon_button", words="A sign.", blocks=[{"type": "context_actions", "elements": [TRASH]}]
        ),
        Example(kind="url", words="Where something was found.", blocks=[task]),
        Example(
            kind="image",
            words="A small picture.",
            blocks=[section("A harbour", accessory=image("A harbour at noon"))],
        ),
    ]


def _boxes() -> list[Example]:
    listed = [option("Email", description=plain("Once a day")), option("Message"), option("Nothing")]
    boxes: Json = {
        "type": "checkboxes",
        "action_id": "boxes",
        "options": listed,
        "initial_options": listed[:1],
    }
    radios: Json = {
        "type": "radio_buttons",
        "action_id": "radios",
        "options": listed,
        "initial_option": listed[1],
    }
    return [
        _row("checkboxes", "Any of a few.", boxes),
        _form("checkboxes", "The same in a form.", field("Tell me by", boxes)),
        _row("radio_buttons", "One of a few.", radios),
        _form("radio_buttons", "The same in a form.", field("Tell me by", radios)),
    ]


def _selects(world: World) -> list[Example]:
    grouped: Json = {
        "type": "static_select",
        "action_id": "grouped",
        "placeholder": plain("A day, by group"),
        "option_groups": [
            {"label": plain("Work"), "options": options(*_DAYS)},
            {"label": plain("Rest"), "options": options("Saturday", "Sunday")},
        ],
    }
    day: Json = {
        "type": "static_select",
        "action_id": "day",
        "placeholder": plain("A day"),
        "options": options(*_DAYS),
    }
    city: Json = {
        "type": "external_select",
        "action_id": "city",
        "placeholder": plain("A city"),
        "min_query_length": 1,
    }
    who: Json = {"type": "users_select", "action_id": "who", "placeholder": plain("A person")}
    where: Json = {
        "type": "conversations_select",
        "action_id": "where",
        "placeholder": plain("A conversation"),
    }
    channel: Json = {"type": "channels_select", "action_id": "channel", "placeholder": plain("A channel")}
    return [
        _row("static_select", "One of a list.", day, grouped),
        _form(
            "static_select",
            "In a form, with a choice made.",
            field("Day", {**day, "initial_option": option("Friday")}),
        ),
        _row("external_select", "The bot is asked while you type.", city),
        _form("external_select", "The same in a form.", field("City", city)),
        _row("users_select", "A person.", {**who, "initial_user": person(world, "bob")}),
        _row("conversations_select", "Any conversation.", where),
        _row("channels_select", "A public channel.", {**channel, "initial_channel": "C0ASKPAY01"}),
    ]


def _multi_selects(world: World) -> list[Example]:
    days: Json = {
        "type": "multi_static_select",
        "action_id": "days",
        "placeholder": plain("Days"),
        "options": options(*_DAYS),
        "initial_options": options("Monday"),
        "max_selected_items": 2,
    }
    cities: Json = {
        "type": "multi_external_select",
        "action_id": "cities",
        "placeholder": plain("Cities"),
        "min_query_length": 1,
    }
    people: Json = {
        "type": "multi_users_select",
        "action_id": "people",
        "placeholder": plain("People"),
        "initial_users": [person(world, "alice")],
    }
    return [
        _row("multi_static_select", "Two days at most.", days),
        _form("multi_static_select", "The same in a form.", field("Days", days, optional=True)),
        _row("multi_external_select", "Several, found by typing.", cities),
        _row("multi_users_select", "People.", people),
        _row(
            "multi_conversations_select",
            "Conversations.",
            {
                "type": "multi_conversations_select",
                "action_id": "places",
                "placeholder": plain("Conversations"),
            },
        ),
        _row(
            "multi_channels_select",
            "Public channels.",
            {"type": "multi_channels_select", "action_id": "channels", "placeholder": plain("Channels")},
        ),
    ]


def _moments() -> list[Example]:
    day: Json = {
        "type": "datepicker",
        "action_id": "date",
        "initial_date": "2026-11-30",
        "placeholder": plain("A date"),
    }
    time: Json = {
        "type": "timepicker",
        "action_id": "time",
        "initial_time": "09:30",
        "placeholder": plain("A time"),
    }
    both: Json = {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1796023800}
    return [
        _row("datepicker", "A date.", day),
        _row("timepicker", "A time.", time),
        _row("datetimepicker", "Both, as the clock of your zone shows it.", both),
        _form(
            "datetimepicker",
            "All three in a form.",
            field("Day", day),
            field("Time", time),
            field("When", both),
        ),
    ]


def _texts() -> list[Example]:
    def element(kind: str, **more: object) -> Json:
        return {"type": kind, "action_id": kind, **more}

    heard = {"trigger_actions_on": ["on_enter_pressed", "on_character_entered"]}
    return [
        _form(
            "plain_text_input",
            "A line, many lines, and one that the bot reads while you type.",
            field("Summary", element("plain_text_input", placeholder=plain("In one line"))),
            field(
                "Details",
                element("plain_text_input", multiline=True, initial_value="First\nSecond"),
                optional=True,
            ),
            field("Search", element("plain_text_input", dispatch_action_config=heard), dispatch_action=True),
        ),
        _form("rich_text_input", "Words with marks.", field("Story", element("rich_text_input"))),
        _form("email_text_input", "An address.", field("Email", element("email_text_input"))),
        _form("url_text_input", "An address of a page.", field("Page", element("url_text_input"))),
        _form(
            "number_input",
            "A number.",
            field("Points", element("number_input", is_decimal_allowed=False, initial_value="3")),
        ),
        _form(
            "file_input",
            "Files.",
            field("Proof", element("file_input", filetypes=["png", "txt"], max_files=2)),
        ),
    ]
