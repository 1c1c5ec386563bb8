"""Every column that can hold people's words or ids says so, and so does the document."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text

from bot.db.base import metadata
from bot.privacy.holding import Holding, can_hold_text, undeclared
from bot.privacy.register import REGISTER


def test_every_column_that_can_hold_text_is_in_the_register() -> None:
    """A new column? Say in `bot/privacy/register.py` what it holds: docs/development.md, "What is kept of people"."""
    texts = [table for table in metadata.sorted_tables if any(can_hold_text(one) for one in table.columns)]
    problems = [line for table in texts for line in undeclared(table, REGISTER.get(table.name))]
    problems += [f"{name} is no table" for name in REGISTER if name not in metadata.tables]
    assert problems == []


def test_what_belongs_to_another_table_comes_after_it() -> None:
    order = list(REGISTER)
    within = {name: holding.within[1] for name, holding in REGISTER.items() if holding.within}
    assert [name for name, parent in within.items() if order.index(parent) > order.index(name)] == []


def test_a_column_that_is_left_out_or_told_twice_is_named() -> None:
    table = Table(
        "notes", MetaData(), Column("id", Integer), Column("author", String(40)), Column("text", Text)
    )
    told = undeclared(table, Holding(person="author", names="author", by="writer"))
    assert told == [
        "notes.text is not declared",
        "notes.author is declared twice",
        "notes.writer is not there",
    ]
    assert undeclared(table, None) == ["notes.author is not declared", "notes.text is not declared"]
