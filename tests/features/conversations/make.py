"""Values for the tests of this slice."""

from typing import Any

from bot.core.messages import Deleted, Edited, SharedFile, Spoken
from bot.features.conversations.domain import KeptMessage, Reach

CARD = ("C0TRIAGE01", "100.000001")
ASKER = ("C0ASKPAY01", "100.000002")
REPORT = SharedFile(
    name="report.pdf",
    permalink="https://sandbox.slack.com/files/U0ANA00001/F1/report.pdf",
    size=92_400,
    mimetype="application/pdf",
)


def spoken(text: str = "It still fails", *, place: tuple[str, str] = ASKER, **more: Any) -> Spoken:
    values: dict[str, Any] = {"ts": "200.000001", "author": "U0ANA00001"} | more
    return Spoken(channel=place[0], thread_ts=place[1], text=text, **values)


def edited(text: str, *, place: tuple[str, str] = ASKER, **more: Any) -> Edited:
    values: dict[str, Any] = {"ts": "200.000001", "files": (), "at": "300.000000"} | more
    return Edited(channel=place[0], text=text, **values)


def deleted(*, place: tuple[str, str] = ASKER, ts: str = "200.000001") -> Deleted:
    return Deleted(channel=place[0], ts=ts, thread_ts=place[1])


def kept(text: str = "It still fails", **more: Any) -> KeptMessage:
    values: dict[str, Any] = {
        "id": 1,
        "request_id": 12,
        "side": "asker",
        "channel": ASKER[0],
        "ts": "200.000001",
        "thread_ts": ASKER[1],
        "author": "U0ANA00001",
        "files": (),
        "reach": Reach.BOTH,
        "edited_at": None,
        "is_deleted": False,
        "version": 1,
        "mirror_channel": None,
        "mirror_ts": None,
    }
    return KeptMessage(text=text, **(values | more))
