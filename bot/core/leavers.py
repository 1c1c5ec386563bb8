"""What stands for words that were erased, and for somebody: one for all of them, so that none is told from another."""

# What stands where people's words were, wherever it is shown.
ERASED = "(erased)"
# No id of Slack's has small letters. Where a row must tell two of them apart, a number follows: `left-2`.
GONE = "left"
SOMEONE = "someone who left"


def is_gone(user_id: object) -> bool:
    """Whether this stands for somebody who was erased."""
    return isinstance(user_id, str) and (user_id == GONE or user_id.startswith(f"{GONE}-"))


def mention(user_id: str | None) -> str:
    """The person as Slack's markup shows them; whoever was erased is words, and calls nobody."""
    if user_id is None:
        return "nobody"
    return SOMEONE if is_gone(user_id) else f"<@{user_id}>"
