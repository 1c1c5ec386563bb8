"""How the register says what a table holds of people. The register itself is in `bot.privacy.register`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import JSON, Column, String, Table

# The value afterwards, or how to make it of the one before.
Instead = Any | Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One table. Every column that can hold text stands in exactly one of these, as words with spaces between.

    `ours`: nothing of people: ids of places and things, states, names of the code's own.
    `person`: the id of one person, or nothing.
    `among`: ids may stand among other things there (JSON, names of effects); they are replaced inside.
    `of_many`: those of them that are about many people; of these only the part with the person is handed out.
    `names`: what somebody is called, as Jira tells it.
    `words`: what people wrote, with what stands there afterwards.
    `with_person`: the column with the person with whom the whole row goes.

    `by` are the columns whose people wrote the `words`. `within` is a column and the table that it leads to, by
    `key`: the words go when those of that row outlive their time. With `quotes` they may repeat that row's words, and
    go with them when a person is erased, too.
    """

    ours: str = ""
    person: str = ""
    among: str = ""
    of_many: str = ""
    names: str = ""
    words: Mapping[str, Instead] = field(default_factory=dict[str, Any])
    with_person: str = ""
    by: str = ""
    within: tuple[str, str] | None = None
    key: str = "id"
    quotes: bool = False

    @property
    def declared(self) -> list[str]:
        """Every column that is named, as often as it is."""
        spoken = " ".join((self.ours, self.person, self.among, self.names, self.with_person)).split()
        return [*spoken, *self.words]


def can_hold_text(column: Column[Any]) -> bool:
    """Whether people's words or ids fit into it; numbers, times, days and yes-or-no hold none."""
    return isinstance(column.type, String | JSON)


def undeclared(table: Table, holding: Holding | None) -> list[str]:
    """What is wrong with a table's place in the register, a line for each problem."""
    columns = [column.name for column in table.columns if can_hold_text(column)]
    told = holding.declared if holding else []
    problems = [f"{table.name}.{name} is not declared" for name in columns if name not in told]
    problems += [
        f"{table.name}.{name} is declared twice" for name in dict.fromkeys(told) if told.count(name) > 1
    ]
    problems += [f"{table.name}.{name} is not there" for name in dict.fromkeys(told) if name not in columns]
    if holding:
        others = [
            *holding.by.split(),
            *holding.of_many.split(),
            *([holding.within[0]] if holding.within else []),
        ]
        problems += [f"{table.name}.{name} is not there" for name in others if name not in table.columns]
    return problems


def blanked(instead: Instead, before: Any) -> Any:
    """What stands there afterwards."""
    return instead(before) if callable(instead) else instead


def without(*keys: str) -> Callable[[Any], Any]:
    """Of an object these keys go, for what is counted by the others stays."""

    def thinner(before: Any) -> Any:
        if not isinstance(before, dict):
            return before
        facts = cast(dict[str, Any], before)
        return {key: value for key, value in facts.items() if key not in keys}

    return thinner
