"""What never reaches the log, whoever writes it and in which form."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from io import StringIO
from typing import Any, Literal

import pytest
import structlog

from bot.core import logs

CANARY = "canary4711"
SECRETS = {
    "a bot token": f"xoxb-1-2-{CANARY}",
    "a person's token": f"xoxp-1-{CANARY}",
    "a refreshing token": f"xoxe.xoxb-1-{CANARY}",
    "an app token": f"xapp-1-A1-2-{CANARY}",
    "Jira's token": f"ATATT3xFfGF0{CANARY}=",
    "a header": f"Authorization: Bearer {CANARY}",
    "a basic login": f"authorization: Basic {CANARY}==",
    "a header in a mapping": f"{{'Authorization': 'Bearer {CANARY}', 'Accept': '*/*'}}",
    "a header in JSON": json.dumps({"authorization": f"Basic {CANARY}"}),
    "a bearer alone": f"sent Bearer {CANARY}",
    "a database's password": f"postgresql://frontdesk:{CANARY}@db.example.com/frontdesk",
    "a password with a sign in it": f"postgresql://frontdesk:p@{CANARY}@db.example.com/frontdesk",
    "a password alone": f"redis://:{CANARY}@cache",
    "a response address": f"https://hooks.slack.com/actions/T1/2/{CANARY}",
    "a response address of GovSlack": f"https://hooks.slack-gov.com/commands/{CANARY}",
    "a trigger": f"trigger_id=1.2.{CANARY}",
    "a trigger in a mapping": f"{{'trigger_id': '1.2.{CANARY}'}}",
    "the app's secret": f"client_secret={CANARY}&code=1",
}


Written = Callable[[Literal["text", "json"]], StringIO]


@pytest.fixture
def written() -> Iterator[Written]:
    """Sets the log up as the product does, into a text; afterwards it is as it was."""
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}

    def begin(form: Literal["text", "json"]) -> StringIO:
        text = StringIO()
        with redirect_stderr(text):
            logs.set_up("DEBUG", form)
        return text

    yield begin
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in logging.root.manager.loggerDict:
        logging.getLogger(name).setLevel(levels.get(name, logging.NOTSET))
    structlog.configure(**kept)


@pytest.mark.parametrize("name", SECRETS)
def test_no_secret_is_left_in_a_text_and_the_rest_stays(name: str) -> None:
    told = logs.redact(f"before {SECRETS[name]} after")
    assert CANARY not in told
    assert told.startswith("before ") and told.endswith(" after")
    assert "[redacted]" in told


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_left_in_a_line_wherever_it_was(
    written: Written, name: str, form: Literal["text", "json"]
) -> None:
    text = written(form)
    secret = SECRETS[name]
    ours = structlog.stdlib.get_logger("bot.canary")
    ours.info("canary.event", words=secret, inside={"deep": [secret]}, error=ValueError(secret))
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        ours.exception("canary.broke")
    logging.getLogger("somebody.else").warning("says %s of %r", secret, {"it": secret})
    told = text.getvalue()
    assert "canary.event" in told and "somebody.else" in told
    assert CANARY not in told
    if form == "json":
        lines: list[dict[str, Any]] = [json.loads(line) for line in told.splitlines()]
        assert [line["event"] for line in lines[:2]] == ["canary.event", "canary.broke"]


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com:8080/a@b",
        "the password was changed",
        "authorization is needed",
        "2026-11-30T10:00:00 relay.sent kind=request.card",
        "trigger ids live for three seconds",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert logs.redact(text) == text


def test_libraries_that_tell_bodies_are_kept_quiet(written: Written) -> None:
    text = written("text")
    for name in (
        "slack_bolt.RequestVerification",
        "slack_sdk",
        "jira",
        "sqlalchemy.engine",
        "aiohttp.access",
    ):
        logging.getLogger(name).info("body %s", CANARY)
        logging.getLogger(name).debug("body %s", CANARY)
    logging.getLogger("bot.canary").info("heard")
    assert "heard" in text.getvalue()
    assert CANARY not in text.getvalue()
