"""What a listener says back, as values. `bot.slack.answers` turns them into Slack's forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Message

ViewJson = Mapping[str, Any]


@dataclass(frozen=True)
class Nothing:
    """Acknowledge and say nothing (or: close the form)."""


@dataclass(frozen=True)
class Answer:
    """A message to the person alone, where they are; `replace` writes over the one they clicked in."""

    message: Message
    replace: bool = False


@dataclass(frozen=True)
class OpenForm:
    """A form on top of what the person sees (a second one is pushed on the first)."""

    view: ViewJson


@dataclass(frozen=True)
class UpdateForm:
    """Other contents for the form that the call came from.

    `unless_changed`: dropped where somebody else has changed the form since the call was made, as then the contents
    are of a moment that is over.
    """

    view: ViewJson
    unless_changed: bool = False


@dataclass(frozen=True)
class FormErrors:
    """Words beside fields: block id to sentence."""

    errors: Mapping[str, str]


@dataclass(frozen=True)
class Choices:
    """Options for an external select."""

    options: Sequence[Mapping[str, Any]]


Reply = Nothing | Answer | OpenForm | UpdateForm | FormErrors | Choices
