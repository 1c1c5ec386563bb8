"""Queries over requests. Each takes a connection; none commits. Lists and figures are in `queries`."""

from bot.features.requests.store.export import export_rows
from bot.features.requests.store.finding import (
    Twin,
    count_open,
    due_to_wake,
    duplicates_of,
    first_unclaimed,
    of_message,
    purge_offers,
    twins,
    visible_to,
)
from bot.features.requests.store.lines import (
    add_history,
    history,
    history_line,
    last_move,
    number_of_line,
)
from bot.features.requests.store.rows import (
    GONE,
    add,
    by_id,
    by_number,
    from_row,
    give_back_number,
    lock,
    lock_both,
    next_number,
    save,
)
from bot.features.requests.store.threads import add_thread, facts, find_thread, in_thread, thread_of

__all__ = [
    "GONE",
    "Twin",
    "add",
    "add_history",
    "add_thread",
    "by_id",
    "by_number",
    "count_open",
    "due_to_wake",
    "duplicates_of",
    "export_rows",
    "facts",
    "find_thread",
    "first_unclaimed",
    "from_row",
    "give_back_number",
    "history",
    "history_line",
    "in_thread",
    "last_move",
    "lock",
    "lock_both",
    "next_number",
    "number_of_line",
    "of_message",
    "purge_offers",
    "save",
    "thread_of",
    "twins",
    "visible_to",
]
