"""Requests that share words with a text: what the full-text index of each database finds, newest first.

The index is fed by the database itself: see `models.SEARCH` and docs/decisions/0022-similar.md.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, column, func, select, text

from bot.core.leavers import ERASED
from bot.db.base import BigId
from bot.features.requests.domain import OPEN, State
from bot.features.requests.likeness import ALIKE, Found, LookAlikes, Term, best, terms, together
from bot.features.requests.models import SEARCH, SEARCHED_DETAILS, requests
from bot.features.requests.rights import Acting
from bot.features.requests.store.finding import visible_to

# So many of the newest that share words are compared; whatever is older than all of these helps few. They are found
# among so many more, of which some are not for whoever asks, or were closed without an answer.
LOOKED_AT, FOUND = 100, 1_000
PAGES = 500
_ON_SQLITE = text(
    f"SELECT rowid AS id FROM {SEARCH} WHERE {SEARCH} MATCH :words ORDER BY rowid DESC LIMIT :most"
)
_ON_POSTGRES = text(
    f"SELECT request_id AS id FROM {SEARCH} WHERE words @@ to_tsquery('simple', :words) "
    "ORDER BY request_id DESC LIMIT :most"
)


def look_alikes(
    connection: Connection,
    acting: Acting,
    words: str,
    team_id: int | None = None,
    *,
    least: float = ALIKE,
    but: int | None = None,
) -> LookAlikes:
    """Open and resolved requests that ask for much the same and that this person may read.

    Those of the team are preferred. `least` is how alike they must be, from 0 to 1; `but` is the id of one left out.
    """
    wanted = terms(words)
    if not wanted:
        return LookAlikes()
    rows = connection.execute(candidates(connection, acting, wanted)).mappings()
    return best(wanted, [_found(row, acting) for row in rows if row["id"] != but], team_id, least=least)


def forget_words(connection: Connection) -> None:
    """After an erasure: nothing is left of words that no request holds any more. Writes the index anew."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {SEARCH} ({SEARCH}) VALUES ('optimize')"))


def settle_words(connection: Connection) -> None:
    """A piece of the same, for now and then: words of edited and deleted texts go within hours, and nobody waits.

    SQLite's page "FTS5", "The 'merge' Command": at most so many pages are written.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {SEARCH} ({SEARCH}, rank) VALUES ('merge', -{PAGES})"))


def candidates(connection: Connection, acting: Acting, wanted: Sequence[Term]) -> Select[tuple[object, ...]]:
    """The query for requests that share two of these terms (or the only one), newest first."""
    on_postgres = connection.dialect.name == "postgresql"
    matching = (_ON_POSTGRES if on_postgres else _ON_SQLITE).columns(column("id", BigId))
    words = _for_postgres(wanted) if on_postgres else _for_sqlite(wanted)
    near = matching.bindparams(words=words, most=FOUND).subquery("near")
    shown = ("id", "number", "team_id", "summary", "state", "requester", "filed_by", "assignee")
    details = func.substr(requests.c.details, 1, SEARCHED_DETAILS).label("details")
    return (
        select(*(requests.c[name] for name in (*shown, "created_at", "closed_at")), details)
        .join(near, near.c.id == requests.c.id)
        .where(visible_to(acting), requests.c.state.in_(sorted({*OPEN, State.RESOLVED})))
        .where(requests.c.summary != ERASED)
        .order_by(requests.c.id.desc())
        .limit(LOOKED_AT)
    )


def _found(row: RowMapping, acting: Acting) -> Found:
    values: dict[str, Any] = {**row, "state": State(row["state"])}
    theirs = acting.user_id in (row["requester"], values.pop("filed_by"))
    is_mine = acting.user_id == row["requester"]
    return Found(**values, is_mine=is_mine, concerns_me=theirs or acting.works_queue_of(row["team_id"]))


def _for_sqlite(wanted: Sequence[Term]) -> str:
    # Terms are letters and digits only; in quotes none of them is a word of the query's own language.
    each = {term: f'"{term.stem}"' + ("" if term.whole else "*") for term in wanted}
    return " OR ".join(f"({' AND '.join(each[term] for term in some)})" for some in together(wanted))


def _for_postgres(wanted: Sequence[Term]) -> str:
    each = {term: f"({' | '.join(_written(term))})" for term in wanted}
    return " | ".join(f"({' & '.join(each[term] for term in some)})" for some in together(wanted))


def _written(term: Term) -> list[str]:
    # A server whose locale is C makes only the letters of English small.
    forms = dict.fromkeys((term.stem, term.stem.capitalize(), term.stem.upper()))
    return [
        f"'{form}'" + ("" if term.whole else ":*") for form in ([term.stem] if term.stem.isascii() else forms)
    ]
