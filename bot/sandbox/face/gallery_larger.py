"""Examples of the blocks that hold others, or many figures. The simple ones are in `gallery_blocks`."""

from bot.sandbox.face.gallery_parts import (
    Example,
    actions,
    button,
    image,
    mrkdwn,
    number,
    plain,
    raw,
    rich,
    section,
    text,
)
from bot.sandbox.slack.wire import Json


def larger_examples() -> list[Example]:
    """Cards, containers, tables, charts and steps of work."""
    return [*_containers(), *_tables(), *_charts(), *_work()]


def _card(title: str, action_id: str, **more: object) -> Json:
    return {
        "type": "card",
        "icon": image("A lighthouse"),
        "title": mrkdwn(title),
        "subtitle": mrkdwn("Payments"),
        "body": mrkdwn("Waits for *one answer*."),
        "actions": [button("Open", action_id, style="primary"), button("Later", f"{action_id}-later")],
        **more,
    }


def _containers() -> list[Example]:
    inside = [
        section("*Refund stuck*: open since 09:30"),
        {"type": "divider"},
        actions(button("Take both", "both")),
    ]
    cards = [
        _card("Refund stuck", "open-1"),
        _card("Card declined", "open-2"),
        _card("Who has the key?", "open-3"),
    ]
    return [
        Example(
            kind="card",
            words="A thing with a picture and its buttons.",
            blocks=[_card("Refund stuck", "open", hero_image=image("A harbour"))],
        ),
        Example(
            kind="carousel", words="Cards side by side.", blocks=[{"type": "carousel", "elements": cards}]
        ),
        Example(
            kind="container",
            words="Blocks in a frame.",
            blocks=[
                {
                    "type": "container",
                    "title": plain("Two requests wait"),
                    "subtitle": plain("Both for Payments"),
                    "has_header_divider": True,
                    "icon": image("A lighthouse"),
                    "child_blocks": inside,
                }
            ],
        ),
        Example(
            kind="container",
            words="The same, to be opened.",
            blocks=[
                {
                    "type": "container",
                    "rich_text_title": rich(text("Two requests", bold=True), text(" wait")),
                    "subtitle": plain("Both for Payments"),
                    "is_collapsible": True,
                    "default_collapsed": True,
                    "width": "wide",
                    "child_blocks": inside,
                }
            ],
        ),
        Example(
            kind="context_actions",
            words="Small buttons below something.",
            blocks=[{"type": "context_actions", "elements": [FEEDBACK, TRASH]}],
        ),
    ]


FEEDBACK: Json = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "accessibility_label": "This helped", "value": "good"},
    "negative_button": {"text": plain("Bad"), "accessibility_label": "This did not help", "value": "bad"},
}
TRASH: Json = {
    "type": "icon_button",
    "icon": "trash",
    "text": plain("Delete"),
    "action_id": "delete",
    "value": "7",
}


def _tables() -> list[Example]:
    rows = [[raw("Refund stuck"), number(3), raw("Alice")], [raw("Card declined"), number(12), raw("Bob")]]
    table: Json = {
        "type": "table",
        "column_settings": [{"align": "left"}, {"align": "right"}],
        "rows": [
            [raw("Request"), raw("Minutes"), raw("Who")],
            rows[0],
            [rich(text("Key lost", bold=True)), *rows[1][1:]],
        ],
    }
    with_button = [*rows[0][:2], {"type": "action", "element": button("Open", "open-row")}]
    return [
        Example(kind="table", words="Rows of cells.", blocks=[table]),
        Example(
            kind="data_table",
            words="A table with a heading for every row and column, and with buttons.",
            blocks=[
                {
                    "type": "data_table",
                    "caption": "Requests of today",
                    "rows": [[raw("Request"), raw("Minutes"), raw("Who")], with_button, rows[1]],
                }
            ],
        ),
    ]


def _charts() -> list[Example]:
    days = ["Mon", "Tue", "Wed", "Thu", "Fri"]

    def series(name: str, *values: float) -> Json:
        return {
            "name": name,
            "data": [{"label": day, "value": value} for day, value in zip(days, values, strict=True)],
        }

    two = [series("Asked", 12, 7, 9, 14, 4), series("Solved", 8, 9, 7, 12, 8)]
    axis: Json = {"categories": days, "x_label": "Day", "y_label": "Requests"}
    parts = [
        {"label": "Payments", "value": 45},
        {"label": "Mobile", "value": 28},
        {"label": "Others", "value": 12},
    ]
    pie: Json = {"type": "pie", "segments": parts}
    charts = [pie, *({"type": kind, "series": two, "axis_config": axis} for kind in ("bar", "line", "area"))]
    return [
        Example(
            kind="data_visualization",
            words=f"A chart of the kind {chart['type']}, with its figures below.",
            blocks=[{"type": "data_visualization", "title": "Requests of the week", "chart": chart}],
        )
        for chart in charts
    ]


def _work() -> list[Example]:
    def task(number: int, title: str, status: str, **more: object) -> Json:
        return {"type": "task_card", "task_id": f"task-{number}", "title": title, "status": status, **more}

    sources: list[Json] = [{"type": "url", "url": "https://example.com/refunds", "text": "How refunds work"}]
    details = rich(text("Looked at "), text("refunds.py", code=True))
    first = task(1, "Read the request", "complete", details=details, sources=sources)
    steps = [
        first,
        task(2, "Ask the bank", "in_progress"),
        task(3, "Answer", "pending"),
        task(4, "Bill", "error"),
    ]
    alone = task(
        5, "Ask the bank", "in_progress", output=rich(text("Waiting for its answer")), sources=sources
    )
    return [
        Example(kind="task_card", words="A step of work.", blocks=[alone]),
        Example(
            kind="plan",
            words="Steps under one title.",
            blocks=[{"type": "plan", "title": "Mend it", "tasks": steps}],
        ),
    ]
