"""What is about the machine that the bot runs on: its clock, its listener, what an operator alone may set."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.errors import ConfigError
from bot.scheduling.core_jobs import core_jobs
from bot.settings import Settings
from bot.teams import file
from tests.e2e.office import PAYMENTS, Office
from tests.e2e.screen import said
from tests.support.loglines import log_lines


@pytest.mark.by_turns
@pytest.mark.parametrize("minutes", [10, -10])
async def test_a_clock_that_is_ten_minutes_wrong_is_warned_of_and_signatures_fail_closed(
    office: Office, minutes: int
) -> None:
    (clock,) = (job for job in core_jobs(office.product.deps) if job.name == "clock")
    wrong = office.clock.now() + timedelta(minutes=minutes)
    with log_lines() as log:
        await clock.run(wrong)
        await clock.run(office.clock.now())
    (line,) = log.events("clock.wrong")
    assert abs(line["seconds"]) >= 590
    assert clock.every <= timedelta(hours=1)
    body = b"command=/ask-team&team_id=T0SANDBOX1&user_id=U0ANA00001"
    stamp = int(wrong.timestamp())
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": str(stamp),
        "X-Slack-Signature": office.box.sign(body, stamp),
    }
    assert (await office.box.send_raw(body, headers)).status == 401


@pytest.mark.by_turns
async def test_figures_and_health_are_listened_for_on_this_machine_alone(office: Office) -> None:
    assert Settings.model_fields["host"].default == "127.0.0.1"
    assert office.running.address.startswith("http://127.0.0.1:")
    assert "#1" in said(await office.person("ana").runs("/ask-team payments Refund stuck"))


@pytest.mark.parametrize("address", ["http://169.254.169.254", "file:///etc/passwd", "http://localhost"])
def test_no_team_can_name_a_jira_of_its_own(tmp_path: Path, address: str) -> None:
    team: dict[str, Any] = {**PAYMENTS, "jira": {"project": "PAY", "url": address}}
    path = tmp_path / "teams.yml"
    path.write_text(yaml.safe_dump({"teams": [team]}), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        file.read_file(path)
    assert "url" in refused.value.lines[0]
