"""A description or comment as HTML, as its edition of Jira would show it."""

import re
from collections.abc import Mapping
from typing import Any, cast

from markupsafe import Markup

from bot.sandbox.face.jira import document as jira_document
from bot.sandbox.face.jira import wiki as jira_wiki
from bot.sandbox.face.jira.links import Place, words

_APART = re.compile(r"\n\s*\n")


def draw(place: Place, body: Any) -> Markup:
    """A document on Cloud, wiki markup on Data Center; plain words that people typed on Cloud stay plain."""
    if isinstance(body, dict):
        return jira_document.draw(place, cast(Mapping[str, Any], body))
    text = str(body or "").replace("\r\n", "\n")
    if place.site.edition == "datacenter":
        return jira_wiki.draw(place, text)
    parts = [part for part in _APART.split(text) if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(words(place, part)) for part in parts)
