"""Slack's message objects read into values."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.messages import Deleted, Edited, SharedFile, Spoken, files_from_json, files_to_json
from bot.slack.messages import LONGEST_TEXT, read_event

REPLY: dict[str, Any] = {
    "type": "message",
    "channel": "C1",
    "user": "U1",
    "text": "hello",
    "ts": "2.000001",
    "thread_ts": "1.000001",
    "client_msg_id": "abc",
}


def test_a_reply_is_something_spoken() -> None:
    assert read_event(REPLY) == Spoken(
        channel="C1", ts="2.000001", thread_ts="1.000001", author="U1", text="hello", client_msg_id="abc"
    )


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_a_reply_of_these_kinds_is_something_spoken(subtype: str) -> None:
    assert isinstance(read_event({**REPLY, "subtype": subtype}), Spoken)


@pytest.mark.parametrize(
    "change",
    [
        {"thread_ts": None},
        {"thread_ts": "2.000001"},
        {"user": None},
        {"channel": None},
        {"bot_id": "B1"},
        {"subtype": "channel_join"},
        {"subtype": "bot_message"},
        {"subtype": "message_replied"},
        {"ts": 5},
    ],
)
def test_anything_else_is_passed_by(change: dict[str, Any]) -> None:
    assert read_event({**REPLY, **change}) is None


def test_the_words_are_cleaned_and_bounded() -> None:
    read = read_event({**REPLY, "text": "a\x00\u202eb" + "x" * 50_000})
    assert isinstance(read, Spoken)
    assert read.text.startswith("abx") and len(read.text) == LONGEST_TEXT


def test_a_file_gives_its_name_address_size_and_type() -> None:
    file = {
        "name": "raw.pdf",
        "title": "Re\u202eport\n2",
        "permalink": "https://x.slack.com/files/U1/F1/raw.pdf",
        "size": 12,
        "mimetype": "application/pdf",
        "url_private": "https://files.slack.com/files-pri/T1-F1/raw.pdf",
    }
    read = read_event({**REPLY, "files": [file, {"mode": "tombstone", "id": "F2"}, "rubbish", {}]})
    assert isinstance(read, Spoken)
    assert read.files[0] == SharedFile(
        name="Report 2",
        permalink="https://x.slack.com/files/U1/F1/raw.pdf",
        size=12,
        mimetype="application/pdf",
    )
    assert [file.name for file in read.files] == ["Report 2", "file"]


@pytest.mark.parametrize(
    ("file", "url"),
    [
        ({"url_private": "https://a"}, "https://a"),
        ({"url_private": "https://a", "url_private_download": "https://b"}, "https://b"),
        ({"url_private": "https://a", "mode": "external"}, ""),
        ({"url_private": "https://a", "is_external": True}, ""),
        ({}, ""),
    ],
)
def test_a_file_says_where_the_bot_may_fetch_it(file: dict[str, Any], url: str) -> None:
    read = read_event({**REPLY, "files": [{"id": "F1", "name": "raw.pdf", "title": "Report", **file}]})
    assert isinstance(read, Spoken)
    shared = read.files[0]
    assert (shared.id, shared.filename, shared.url) == ("F1", "raw.pdf", url)


def test_files_that_an_earlier_release_stored_are_read_and_are_the_same_files() -> None:
    old = {"name": "a.log", "permalink": "https://x/a", "size": 3, "mimetype": "text/plain"}
    now = SharedFile(**old, id="F1", url="https://files/a")  # pyright: ignore[reportArgumentType]
    assert files_from_json([old]) == (now,)
    [again] = files_from_json(files_to_json([now]))
    assert (again.id, again.url) == ("F1", "https://files/a")


def test_a_change_is_an_edit_with_the_time_of_the_event() -> None:
    event = {
        "channel": "C1",
        "subtype": "message_changed",
        "event_ts": "9.000001",
        "message": {"ts": "2.000001", "text": "better", "user": "U1"},
        "previous_message": {"ts": "2.000001", "text": "worse"},
    }
    assert read_event(event) == Edited(channel="C1", ts="2.000001", text="better", files=(), at="9.000001")


def test_a_change_to_a_tombstone_is_a_deletion() -> None:
    event = {
        "channel": "C1",
        "subtype": "message_changed",
        "event_ts": "9.000001",
        "message": {"ts": "2.000001", "subtype": "tombstone", "text": "This message was deleted."},
        "previous_message": {"ts": "2.000001", "thread_ts": "1.000001", "text": "worse"},
    }
    assert read_event(event) == Deleted(channel="C1", ts="2.000001", thread_ts="1.000001")


def test_a_deletion_names_the_thread_where_slack_does() -> None:
    event = {
        "channel": "C1",
        "subtype": "message_deleted",
        "deleted_ts": "2.000001",
        "previous_message": {"ts": "2.000001", "thread_ts": "1.000001"},
    }
    assert read_event(event) == Deleted(channel="C1", ts="2.000001", thread_ts="1.000001")
    assert read_event({**event, "previous_message": None}) == Deleted(
        channel="C1", ts="2.000001", thread_ts=None
    )


@pytest.mark.parametrize("rubbish", [{}, {"subtype": "message_changed"}, {"subtype": "message_deleted"}])
def test_half_an_event_is_passed_by(rubbish: dict[str, Any]) -> None:
    assert read_event(rubbish) is None


def test_the_official_samples_are_read(specs: Path) -> None:
    found: dict[str, object] = {}
    for path in sorted((specs / "slack" / "payloads" / "events").glob("message*.json")):
        found[path.stem] = type(read_event(json.loads(path.read_text())["event"]))
    assert {name: kind for name, kind in found.items() if kind is not type(None)} == {
        "message.message_changed": Edited,
        "message.message_deleted": Deleted,
        "message.thread_broadcast": Spoken,
    }
