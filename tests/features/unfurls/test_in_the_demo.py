"""The whole product with the demo's teams: a pasted link on somebody's screen."""

import aiohttp
import pytest

from bot.sandbox.face import addresses
from bot.sandbox.jira import hands
from bot.sandbox.jira.model import Edition
from bot.sandbox.jira.seed import NINA
from bot.sandbox.launcher import Demo, Wishes
from bot.sandbox.seeds import Seed


async def _page(demo: Demo, path: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(demo.address + path) as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.mark.parametrize("edition", ["cloud", "datacenter"])
async def test_a_link_that_ana_pastes_shows_its_card_below_the_message(edition: Edition) -> None:
    wishes = Wishes(port=0, seed=Seed(name="empty"), edition=edition)
    async with Demo(wishes) as demo:
        box, site, url = demo.stage.box, demo.stage.jira.site, demo.stage.jira.url
        project = site.projects["PAY"]
        fields = {"summary": "Refund <b>stuck</b>", "issuetype": {"id": project.types[0].type_id}}
        issue = hands.creates(site, NINA, project, fields)
        ana = box.person("ana")
        await ana.says(f"{url}/browse/{issue.key}", in_="#ask-payments")
        seen = await ana.waits_for("Unassigned", in_="#ask-payments", timeout=10)
        assert list(seen.unfurled) == [f"{url}/browse/{issue.key}"]
        page = await _page(demo, addresses.place(ana.account, seen.channel))
        assert "Refund &lt;b&gt;stuck&lt;/b&gt;" in page
        assert "To Do · Unassigned" in page
