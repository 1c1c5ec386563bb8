"""What stands in the form *Create Jira issue*, and which of its blocks a complaint belongs to."""

from collections.abc import Mapping

from bot.features.tickets.domain import Wish, linked_key
from bot.features.tickets.fields.reading import Entered, Writers, parts_of, read, standing
from bot.features.tickets.views.carried import Context
from bot.features.tickets.views.form import LINK, TYPE, Filled
from bot.slack.calls import Submission, View, chosen

LONGEST_ERROR = 1900
_OWN_BLOCKS = {
    "summary": "summary",
    "description": "description",
    "project": "project",
    "issuetype": TYPE,
    "link": LINK,
}


def wish_in(call: Submission, context_: Context, *, site: str, type_id: str | None, writers: Writers) -> Wish:
    """What was entered. Raises UserError for something that is no issue of this site."""
    project = entered(call.view, "project")
    key = linked_key(entered(call.view, LINK), site)
    own = Entered() if key else read(call.view.state, project, type_id, writers)
    return Wish(
        place=context_.place,
        request_id=context_.request_id,
        team_id=context_.team_id,
        by=call.user_id,
        project=project,
        issue_type=entered(call.view, TYPE),
        summary=entered(call.view, "summary"),
        description=entered(call.view, "description"),
        fields=own.values,
        shown=own.shown,
        link=key,
        sending=f"{call.view.id}:{call.trigger_id}",
    )


def filled_in(view: View) -> Filled:
    """What stands in a form that is still open."""
    return Filled(
        summary=entered(view, "summary"),
        description=entered(view, "description"),
        link=entered(view, LINK),
        shown=standing(view.state),
    )


def beside(view: View, words: str, complaints: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """Jira's complaints by block. One about no field of the form goes below Summary, and so do words without any.

    `names` is what Jira's fields are called.
    """
    found: dict[str, list[str]] = {}
    ids = [str(block.get("block_id") or "") for block in view.blocks]
    for field_id, complaint in complaints.items():
        block_id = _block_with(ids, field_id)
        said = complaint if block_id else f"{names.get(field_id, field_id)}: {complaint}"
        found.setdefault(block_id or _rest(view), []).append(said)
    if not found:
        found[_rest(view)] = [words]
    return {block_id: " ".join(said)[:LONGEST_ERROR] for block_id, said in found.items()}


def is_there(view: View, field_id: str) -> bool:
    """Whether the form has a block for this field of Jira's."""
    return _block_with([str(block.get("block_id") or "") for block in view.blocks], field_id) is not None


def _rest(view: View) -> str:
    return LINK if entered(view, LINK).strip() else "summary"


def _block_with(ids: list[str], field_id: str) -> str | None:
    own = _OWN_BLOCKS.get(field_id)
    for block_id in ids:
        named = parts_of(block_id)
        if (named is not None and named.field_id == field_id) or (own and block_id.partition(":")[0] == own):
            return block_id
    return None


def block_of(view: View, field: str) -> str:
    """The id of the block with this field; that of the issue type also names its project."""
    ids = (*view.state, *(str(block.get("block_id") or "") for block in view.blocks))
    return next((block_id for block_id in ids if block_id.partition(":")[0] == field), field)


def entered(view: View, field: str) -> str:
    """What stands in this field; empty text when nothing does."""
    elements = view.state.get(block_of(view, field), {})
    return next((str(chosen(element) or "") for element in elements.values()), "")


def number_in(value: str) -> int | None:
    """The request or ticket that a button names; None for a value of another time."""
    version, _, number = value.partition(":")
    return int(number) if version == "v1" and number.isascii() and number.isdigit() else None
