"""The diagram in the slice's README is the state machine that the code has."""

import re
from pathlib import Path

from bot.features import tickets
from bot.features.tickets.domain import TicketState


def test_the_readme_draws_every_state_of_a_ticket() -> None:
    text = (Path(tickets.__file__).parent / "README.md").read_text("utf-8")
    drawn = re.findall(r"^ +(\S+) --> (\w+):", text, re.MULTILINE)
    names = {name for pair in drawn for name in pair} - {"[*]"}
    assert names == {state.value for state in TicketState}
