"""Whatever Slack, or somebody between, sends a second time changes nothing, also when a while has passed."""

from pathlib import Path

from sqlalchemy import Connection, func, select

from bot.features.requests.models import request_history
from bot.outbox.models import outbox
from bot.sandbox.forms import Form
from bot.sandbox.slack.journal import Record
from tests.e2e.office import Office, open_office

# The same words in the same place count as one request for so long: here that does not help.
PAST_THE_SAME_WORDS = 90


async def everything_is_done(office: Office) -> None:
    """A request by each door, an emoji, and a claim."""
    ana, alice = office.person("ana"), office.person("alice")
    await ana.runs("/ask-team payments Refund stuck for order 123")
    form = await ana.runs("/ask-team")
    assert isinstance(form, Form)
    form.fill("Summary", "Invoice without a number")
    assert await form.submit() is None
    await ana.says("Card declined for everybody", in_="#ask-payments")
    said = await ana.says("The export is empty", in_="#general")
    await ana.reacts(said, "ticket")
    await office.settled()
    await (await office.card("Refund stuck")).click("Claim", by=alice)
    await office.settled()


def _traces(connection: Connection) -> tuple[int, int]:
    moves = connection.scalar(select(func.count()).select_from(request_history)) or 0
    wishes = connection.scalar(select(func.count()).select_from(outbox)) or 0
    return moves, wishes


async def everything_that_is_there(office: Office) -> tuple[int, int, int, int]:
    """Requests, moves in their histories, wishes ever made, and messages in the workspace."""
    count = await office.count()
    said = sum(len(channel.messages) for channel in office.box.workspace.world.channels.values())
    return count, *await office.product.database.read(_traces), said


async def sent_again(office: Office, call: Record) -> int | None:
    """The status of the answer to the same bytes, signed anew."""
    courier = office.box.workspace.courier
    headers = courier.signed_headers(call.body, call.headers["Content-Type"])
    return (await courier.send_raw(call.body, headers)).status


async def test_every_call_sent_a_second_time_is_acknowledged_and_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with open_office(database_url, tmp_path, with_jira=False) as office:
        await everything_is_done(office)
        before = await everything_that_is_there(office)
        calls = [call for call in office.box.journal.told() if call.body]
        office.clock.advance(PAST_THE_SAME_WORDS)
        answers = {call.kind: await sent_again(office, call) for call in calls}
        assert {"slash_command", "view_submission", "block_actions", "event:message"} <= set(answers)
        assert "event:reaction_added" in answers
        assert set(answers.values()) == {200}
        assert await everything_that_is_there(office) == before
        assert before[0] == 4
