"""What a killed bot held is taken up by the next one when the lease is over. Here real time passes."""

from pathlib import Path

import pytest

from tests.faults.life import open_place, until
from tests.support.long_run import IS_LONG

pytestmark = [pytest.mark.faults, pytest.mark.timeout(90)]

# Half a minute of waiting: the short run has leases of seconds in tests/replicas.
if IS_LONG:

    @pytest.mark.parametrize("backend", ["sqlite"])
    async def test_the_lease_of_a_killed_bot_runs_out_by_itself(database_url: str, tmp_path: Path) -> None:
        async with open_place(database_url, tmp_path) as place:
            fault = place.box.faults.add(
                method="chat.postMessage", kind="hang_after", channel="C0TRIAGE01", seconds=3600
            )
            await place.box.person("ana").runs("/ask-team payments Refund stuck for order 123")

            async def struck() -> bool:
                return fault.hits > 0

            async def is_pinged() -> bool:
                return place.posts()["req:1:ping:0"] == 1

            await until(struck)
            await place.kill()
            await place.begin()
            await until(is_pinged, patience=50)
            assert max(place.posts().values()) == 1
