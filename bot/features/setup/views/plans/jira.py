"""The form for where issues go. Keys as in the teams file, and every one of them."""

from collections.abc import Mapping
from typing import Any

from bot.features.setup.views.plans import own_words
from bot.features.setup.views.plans.own_words import LONGEST, lines, listed, without_empty
from bot.slack import blocks, inputs
from bot.slack.blocks import Block
from bot.slack.mrkdwn import escape

KEY = "jira"
_KEYS = ("project", "issue_type", "labels", "components", "fields", "unfurl")
PLACES = {key: f"jira.{key}" for key in _KEYS}
_UNFURL = "unfurl"
_TOO_LONG = "{} do not fit here. They stay as they are: `frontdesk export teams` shows them, `frontdesk apply` changes them."


def line(jira: Mapping[str, Any] | None) -> str:
    """The place in a few words, as mrkdwn."""
    if not jira:
        return "No Jira project"
    return f"{escape(str(jira.get('project')))}, {escape(str(jira.get('issue_type') or 'Task'))}"


def fields(jira: Mapping[str, Any]) -> list[Block]:
    """The form's fields, filled with this place (empty: a new one)."""
    unfurl = [_UNFURL] if jira.get("unfurl") in (True, "true") else []
    project = blocks.text_input("project", initial=str(jira.get("project") or ""), max_length=20)
    kind = blocks.text_input("issue_type", initial=str(jira.get("issue_type") or "Task"), max_length=60)
    cards = inputs.checkboxes("unfurl", [("Show a card below links to issues", _UNFURL)], initial=unfurl)
    return [
        blocks.input_block("Project", project, "project", hint="Its key, such as PAY."),
        blocks.input_block("Issue type", kind, "issue_type"),
        *_several("Labels", "labels", " ".join(str(one) for one in listed(jira.get("labels"))), "With spaces between them."),
        *_several("Components", "components", "\n".join(str(one) for one in listed(jira.get("components"))), "One on each line."),
        *_several("Fields", "fields", own_words.write(jira.get("fields") or {}),
            "What the form begins with, one field on each line, such as Severity: Major"),
        blocks.input_block("Links", cards, "unfurl", optional=True),
    ]  # fmt: skip


def _several(label: str, key: str, text: str, hint: str) -> list[Block]:
    if len(text) > LONGEST:
        return [blocks.context(_TOO_LONG.format(label))]
    field = blocks.text_input(key, initial=text, multiline=True, max_length=LONGEST)
    return [blocks.input_block(label, field, key, optional=True, hint=hint)]


def read(entered: Mapping[str, Any], jira: Mapping[str, Any]) -> dict[str, Any]:
    """The place that the form describes; what had no field stays as it was. Raises UserError beside the field."""
    found: dict[str, Any] = {
        "project": str(entered.get("project") or "").strip(),
        "issue_type": str(entered.get("issue_type") or "").strip(),
        "labels": _labels(entered["labels"]) if "labels" in entered else jira.get("labels"),
        "components": lines(entered.get("components")) if "components" in entered else jira.get("components"),
        "fields": jira.get("fields"),
    }
    if "fields" in entered:
        found["fields"] = own_words.read(str(entered["fields"] or ""), field="fields", known=None)
    unfurl = {"unfurl": True} if _UNFURL in (entered.get("unfurl") or ()) else {}
    return {**without_empty(found), **unfurl}


def _labels(text: object) -> list[str]:
    # Jira takes commas inside a label, people write them between two.
    return [label for word in str(text or "").split() if (label := word.rstrip(","))]
