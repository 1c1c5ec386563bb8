"""The blocks of a field in the form, begun with what was entered before or with what the team has named."""

from collections.abc import Sequence

from bot.features.tickets.fields.kinds import Asked, Kind, choices_of
from bot.jira.shapes import CreateField
from bot.slack import inputs
from bot.slack.blocks import Block, context, input_block, select, text_input
from bot.slack.inputs import MOST_IN_FORM, Choice
from bot.slack.mrkdwn import escape

PREFIX = "field"
ACTION = "ticket.field"
LONGEST_TEXT = 3000
LONGEST_LINE = 255

# What stands in a field: text, a day, seconds since 1970, or the chosen entries.
Shown = str | tuple[Choice, ...]

_HINTS = {
    Kind.LABELS: "Type a word to find a label or to make one.",
    Kind.USER: "Type a name to find somebody.",
    Kind.USERS: "Type a name to find somebody.",
    Kind.PARENT: "Type words of its summary, or its key.",
    Kind.EPIC: "Type words of its summary, or its key.",
}


def blocks_of(asked: Asked, place: str, shown: Shown, complaint: str) -> list[Block]:
    """A field's input and, where Jira has complained, its words. `place` names project and type."""
    block = input_block(
        asked.field.name,
        _element(asked, shown),
        block_id(asked, place),
        optional=asked.optional,
        hint=_HINTS.get(asked.kind, ""),
    )
    return [block, context(f":warning: {escape(complaint)}")] if complaint else [block]


def block_id(asked: Asked, place: str) -> str:
    """The name of a field's block: another project or type makes it another block, which forgets the old choice."""
    return f"{PREFIX}:{place}:{asked.kind}:{asked.field.id}"


def _element(asked: Asked, shown: Shown) -> Block:
    if asked.kind in _TYPED:
        return _typed(asked.kind, shown if isinstance(shown, str) else "")
    chosen = () if isinstance(shown, str) else shown
    choices = choices_of(asked.field, asked.kind)
    if is_searched(asked.field, asked.kind):
        return _searched(asked.kind, chosen)
    return _listed(asked.kind, choices, [value for _, value in chosen])


_TYPED = frozenset({Kind.TEXT, Kind.PARAGRAPH, Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.URL})
_SEVERAL = frozenset({Kind.MULTI, Kind.CHECKBOXES, Kind.USERS, Kind.GROUPS, Kind.LABELS})
_FOUND = frozenset(
    {Kind.USER, Kind.USERS, Kind.GROUP, Kind.GROUPS, Kind.LABELS, Kind.PARENT, Kind.EPIC, Kind.SPRINT}
)


def is_typed(kind: Kind) -> bool:
    """Whether text, a number or a date is entered rather than something chosen."""
    return kind in _TYPED


def takes_several(kind: Kind) -> bool:
    """Whether several entries can be chosen."""
    return kind in _SEVERAL


def is_searched(field: CreateField, kind: Kind) -> bool:
    """Whether its entries are asked for while somebody types."""
    return kind in _FOUND or len(choices_of(field, kind)) > MOST_IN_FORM


def _typed(kind: Kind, shown: str) -> Block:
    match kind:
        case Kind.NUMBER:
            return inputs.number_input(ACTION, initial=shown)
        case Kind.DATE:
            return inputs.date_input(ACTION, initial=shown)
        case Kind.MOMENT:
            return inputs.moment_input(ACTION, initial=shown)
        case Kind.URL:
            return inputs.url_input(ACTION, initial=shown)
        case Kind.PARAGRAPH:
            return text_input(ACTION, initial=shown, multiline=True, max_length=LONGEST_TEXT)
        case _:
            return text_input(ACTION, initial=shown, max_length=LONGEST_LINE)


def _searched(kind: Kind, chosen: Sequence[Choice]) -> Block:
    if takes_several(kind):
        return inputs.multi_search_select(ACTION, initial=chosen)
    return inputs.search_select(ACTION, initial=chosen[0] if chosen else None)


def _listed(kind: Kind, choices: Sequence[Choice], chosen: Sequence[str]) -> Block:
    match kind:
        case Kind.RADIO:
            return inputs.radio(ACTION, choices, initial=chosen[0] if chosen else "")
        case Kind.CHECKBOXES:
            return inputs.checkboxes(ACTION, choices, initial=chosen)
        case Kind.MULTI:
            return inputs.multi_select(ACTION, choices, initial=chosen)
        case _:
            return select(ACTION, choices, initial=chosen[0] if chosen else None)


def shown_for(asked: Asked, words: Sequence[str]) -> Shown:
    """What the team's words put into a field at first; empty where they name nothing that can be chosen."""
    if is_typed(asked.kind):
        return "\n".join(words) if asked.kind is Kind.PARAGRAPH else (words[0] if words else "")
    if asked.kind in (Kind.LABELS, Kind.GROUP, Kind.GROUPS):
        found = [(word, word) for word in words]
    else:
        wanted = [word.casefold() for word in words]
        found = [
            choice
            for choice in choices_of(asked.field, asked.kind)
            if choice[1] in words or choice[0].casefold().replace(" › ", " > ") in _arrows(wanted)
        ]
    return tuple(found if takes_several(asked.kind) else found[:1])


def _arrows(words: Sequence[str]) -> list[str]:
    return [word.replace(" › ", " > ") for word in words]
