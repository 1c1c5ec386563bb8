"""Offices for stories. At the end of each, every call that the bot made is held against the official documents."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.office import Edition, Office, Transport, open_office
from tests.support import jira_specs, slack_specs

# Both databases and both transports meet in every story; all four pairs in the main one.
TRANSPORT_FOR: dict[str, Transport] = {"sqlite": "http", "postgres": "socket"}


@pytest.fixture
def transport(backend: str) -> Transport:
    return TRANSPORT_FOR[backend]


@pytest.fixture
def edition(backend: str) -> Edition:
    return "cloud" if backend == "sqlite" else "datacenter"


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, transport: Transport, edition: Edition, specs: Path
) -> AsyncIterator[Office]:
    """An office with the Payments team and a Jira."""
    async with open_office(database_url, tmp_path, transport=transport, edition=edition) as opened:
        yield opened
    assert_calls_agree(opened)


def assert_calls_agree(office: Office) -> None:
    """Every call to Slack and Jira had known methods, known arguments and legal values."""
    wrong = [problem for call in office.box.journal.records for problem in slack_specs.check_call(call)]
    wrong += [problem for call in office.site.journal for problem in jira_specs.check_call(call)]
    broken = [f"{call.kind}: {call.verdict}" for call in office.box.journal.records if call.verdict]
    assert not wrong, wrong
    assert not broken, broken
