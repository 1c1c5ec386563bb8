"""Where one sees who is on duty without asking: the user group, the channel's topic, calendars."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import icalendar
import pytest

from bot.sandbox.slack import membership
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import PLATFORM, Office, Transport
from tests.e2e.rotation_office import (
    KYIV,
    ON_DUTY,
    ROTATION,
    group,
    later,
    looked,
    open_rotation,
    says,
    told,
    topic,
)

pytestmark = pytest.mark.by_turns
PUBLIC = "https://desk.example.org"


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, specs: Path, transport: Transport
) -> AsyncIterator[Office]:
    async with open_rotation(database_url, tmp_path, transport=transport, public_url=PUBLIC) as opened:
        yield opened
        assert_calls_agree(opened)


def calls(office: Office, method: str) -> int:
    """How often the bot has called this."""
    return len([one for one in office.box.journal.records if one.kind == method])


async def test_a_group_changed_by_hand_is_put_right_with_one_call_and_then_it_is_quiet(
    office: Office,
) -> None:
    assert group(office) == ["alice"]
    before = calls(office, "usergroups.users.update")
    office.box.set_user_group("S0ONDUTY01", ["carol", "bob"])
    for _ in range(3):
        await office.settled()
    assert group(office) == ["alice"]
    assert calls(office, "usergroups.users.update") == before + 1


async def test_another_group_in_the_file_holds_the_person_without_waiting_for_a_handoff(
    office: Office,
) -> None:
    other = office.box.add_user_group("nightwatch", ["carol"])
    await office.apply(ON_DUTY | {"rotation": {**ROTATION, "user_group": other}})
    await looked(office)
    assert office.box.workspace.world.groups[other].users == ["U0ALICE001"]


async def test_an_empty_topic_says_who_is_on_duty_and_follows(office: Office) -> None:
    assert topic(office) == "On duty: @alice until Mon 30 Nov, 10:00"
    await says(office, "lead", "override @bob 2026-11-27")
    assert topic(office) == "On duty: @alice until Fri 27 Nov, 00:00"
    await later(office, "2026-11-27 00:00")
    # His own turn follows what he took over.
    assert topic(office) == "On duty: @bob until Mon 7 Dec, 10:00"
    await later(office, "2026-11-30 10:00")
    assert topic(office) == "On duty: @bob until Mon 7 Dec, 10:00"


async def test_a_topic_that_somebody_wrote_is_left_alone_until_it_is_empty(office: Office) -> None:
    world, channel = office.box.workspace.world, office.box.channel("triage-payments")
    membership.set_topic(world, channel, "Be kind", by="U0LEAD0001")
    await later(office, "2026-11-30 10:00")
    assert topic(office) == "Be kind"
    membership.set_topic(world, channel, "", by="U0LEAD0001")
    await later(office, "2026-12-07 10:00")
    assert topic(office) == "On duty: @carol until Mon 14 Dec, 10:00"


@pytest.mark.parametrize("team", [
    {"rotation": {**ROTATION, "topic": False}}, {"rotation": None}, None,
])  # fmt: skip
async def test_a_topic_of_ours_goes_with_the_wish_for_it(office: Office, team: dict[str, Any] | None) -> None:
    assert topic(office)
    await office.apply(PLATFORM if team is None else ON_DUTY | team)
    for _ in range(2):
        await looked(office)
    assert topic(office) == "" and await told(office) == []


async def test_a_topic_moves_with_the_teams_channel(office: Office) -> None:
    await office.apply(ON_DUTY | {"triage_channel": "C0PLATFOR1"})
    await looked(office)
    world = office.box.workspace.world
    assert (topic(office), world.channels["C0PLATFOR1"].topic) == (
        "",
        "On duty: @alice until Mon 30 Nov, 10:00",
    )


async def test_a_name_is_no_markup_in_the_topic(office: Office) -> None:
    office.box.change_person("bob", real_name="<!here> & Bob")
    await office.settled()
    await later(office, "2026-11-30 10:00")
    assert "<!here>" not in topic(office)


async def _addresses(office: Office, name: str, line: str = "calendar") -> list[str]:
    answer = await says(office, name, line)
    return [word.removeprefix(PUBLIC) for word in answer.split() if word.startswith(PUBLIC)]


async def _fetch(office: Office, path: str) -> tuple[int, list[tuple[str, datetime, datetime]]]:
    async with aiohttp.ClientSession() as http, http.get(office.running.address + path) as response:
        body = await response.read()
        if response.status != 200:
            return response.status, []
        assert response.content_type == "text/calendar"
    # Its properties have no types.
    events: Any = icalendar.Calendar.from_ical(body).walk("VEVENT")
    found = [
        (one["UID"], one["SUMMARY"], *(one[end].dt.astimezone(UTC) for end in ("DTSTART", "DTEND")))
        for one in events
    ]
    assert len({uid for uid, *_ in found}) == len(found)
    return 200, [(str(summary), start, end) for _, summary, start, end in found]


async def test_calendars_hold_the_shifts_as_they_are_now(office: Office) -> None:
    whole, own = await _addresses(office, "bob")
    await says(office, "lead", "override @bob 2026-11-27")
    at = datetime(2026, 11, 26, 22, tzinfo=UTC)
    for path in (whole, own):
        status, events = await _fetch(office, path)
        assert status == 200 and ("bob on duty: Payments", at) in [(name, start) for name, start, _ in events]
    people = {name.split()[0] for name, *_ in (await _fetch(office, own))[1]}
    assert people == {"bob"}
    assert len({name.split()[0] for name, *_ in (await _fetch(office, whole))[1]}) == 3


async def test_a_calendar_is_the_same_a_minute_later(office: Office) -> None:
    """Shifts that reach over the ends of what is shown are whole, with the name that they always had."""
    (whole, _own) = await _addresses(office, "bob")
    await later(office, "2027-03-10 12:00")
    first = await _fetch(office, whole)
    office.clock.advance(60)
    assert await _fetch(office, whole) == first
    assert {at.astimezone(KYIV).weekday() for _, start, end in first[1] for at in (start, end)} == {0}


async def test_new_addresses_end_the_old_ones_and_the_teams_is_its_leads(office: Office) -> None:
    whole, own = await _addresses(office, "bob")
    again, renewed = await _addresses(office, "bob", "calendar new")
    assert again == whole and renewed != own
    assert ((await _fetch(office, own))[0], (await _fetch(office, renewed))[0]) == (404, 200)
    assert (await _addresses(office, "lead", "calendar new"))[0] != whole
    assert (await _fetch(office, whole))[0] == 404
    for path in ("/calendar/x.ics", f"/calendar/{'a' * 500}.ics", "/calendar/%00.ics", "/calendar/..%2f.ics"):
        assert (await _fetch(office, path))[0] == 404, path


async def test_somebody_who_left_has_no_calendar_any_more(office: Office) -> None:
    whole, own = await _addresses(office, "bob")
    office.box.deactivate("bob")
    await office.settled()
    await looked(office)
    assert (await _fetch(office, own))[0] == 404
    assert "bob" not in {
        name.split()[0] for name, start, _ in (await _fetch(office, whole))[1] if start > office.clock.now()
    }
    await office.apply(PLATFORM)
    await looked(office)
    assert (await _fetch(office, whole))[0] == 404


async def test_without_a_public_address_it_is_said_who_sets_one(
    database_url: str, tmp_path: Path, specs: Path
) -> None:
    async with open_rotation(database_url, tmp_path) as office:
        assert "sets PUBLIC_URL" in await says(office, "bob", "calendar")
        assert "/rotation calendar new" in await says(office, "bob", "calendar x")
