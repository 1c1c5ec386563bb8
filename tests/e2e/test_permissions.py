"""An app that was installed without some permissions: what needs them is off and says so, the rest works."""

from pathlib import Path

import pytest

from bot.sandbox.slack.wire import Grant
from tests.e2e.conftest import assert_calls_agree
from tests.e2e.office import Office, Transport
from tests.e2e.rotation_office import group, later, open_rotation, says, topic
from tests.support.waiting import until

pytestmark = pytest.mark.by_turns

WITHOUT = ("usergroups:write", "channels:write.topic", "groups:write.topic", "dnd:read")


def given_all(office: Office) -> None:
    """The app is installed again from the manifest, with the token it had."""
    tokens = office.box.workspace.server.tokens
    granted = tokens[office.box.bot_token].scopes.union(WITHOUT)
    tokens[office.box.bot_token] = Grant(kind="bot", scopes=granted)


async def alarms(office: Office) -> list[str]:
    seen = await office.person("ana").sees(in_="#general")
    return [one.text for one in seen if "misses permissions" in one.text]


async def test_what_needs_a_permission_is_off_says_so_once_and_is_on_when_it_is_given(
    database_url: str, tmp_path: Path, transport: Transport, specs: Path
) -> None:
    opening = open_rotation(
        database_url, tmp_path,
        transport=transport, with_jira=False, without=WITHOUT, alert_channel="C0GENERAL1",
    )  # fmt: skip
    async with opening as office:
        before = group(office)
        await later(office, "2026-11-30 10:01")
        assert (group(office), topic(office)) == (before, "")
        told = await says(office, "bob", "")
        assert "@bob" in told
        assert (
            "misses the permission usergroups:write: the user group of those on duty stays as it is." in told
        )
        assert "install the app again from manifest.yml" in told
        # Who only asks who is on duty cannot mend it.
        assert "permission" not in await says(office, "ana", "", in_="#general")
        await until(lambda: _is_told(office))
        await office.asks("Refund stuck")
        await office.restart()
        await office.settled()
        (alarm,) = await alarms(office)
        assert all(scope in alarm for scope in WITHOUT)
        # Not one call was made that Slack would refuse.
        assert_calls_agree(office)
        given_all(office)
        await says(office, "bob", "")
        await office.product.deps.slack.call("auth.test")
        await later(office, "2026-12-07 10:01")
        assert (group(office), "carol" in topic(office).lower()) == (["carol"], True)
        assert "permission" not in await says(office, "bob", "")


async def _is_told(office: Office) -> bool:
    return bool(await alarms(office))
