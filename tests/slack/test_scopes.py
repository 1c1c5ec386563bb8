"""What the token may not do is off, is said in words, and is on again once it was given."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.outbox.outcomes import Withheld
from bot.sandbox.slack.wire import Grant
from bot.sandbox.story import Sandbox
from bot.slack.gateway import SlackGateway
from bot.slack.manifest import read_manifest, wanted_scopes
from bot.slack.scopes import WITHOUT, Scopes, in_words, is_optional, listed
from tests.support.slack_use import SCOPES_OF_METHODS, methods_called
from tests.support.sources import ROOT, rows_of

TOLD = re.compile(r"Requires scope: `([^`]+)`")


def _as_slack_tells(specs: Path) -> Mapping[str, set[str]]:
    """The scopes of each method in Slack's own description; of some it names one kind of token or place alone."""
    paths = json.loads((specs / "slack/web-api.json").read_text(encoding="utf-8"))["paths"]
    told: dict[str, set[str]] = {}
    for path, verbs in paths.items():
        for verb in verbs.values():
            for parameter in verb.get("parameters", ()):
                found = TOLD.search(parameter.get("description", ""))
                if found:
                    told.setdefault(path.strip("/"), set()).update(re.split(r"[ ,]+", found[1]))
    return told


# Slack's description is older than some of its scopes: it names a place of any kind, or one of several.
KINDS = {"conversations": {"channels", "groups", "im"}, "channels": {"channels", "groups", "im"}}


def _kinds(scopes: set[str]) -> set[str]:
    found = (scope.split(":")[0] for scope in scopes)
    return {kind for one in found for kind in KINDS.get(one, {one})}


def test_every_method_of_the_code_is_allowed_by_the_manifest_as_slack_describes_it(specs: Path) -> None:
    told, granted = _as_slack_tells(specs), wanted_scopes()
    checked = [name for name in methods_called() if name in told and SCOPES_OF_METHODS[name]]
    assert {"chat.postMessage", "users.info", "dnd.info", "usergroups.users.update"} <= set(checked)
    assert [name for name in checked if not set(SCOPES_OF_METHODS[name]) <= granted] == []
    strange = [name for name in checked if not _kinds(told[name]) & _kinds(set(SCOPES_OF_METHODS[name]))]
    assert strange == []


def test_what_is_off_without_a_permission_is_told_in_the_document() -> None:
    rows = rows_of(ROOT / "docs" / "permissions.md", "## An installation without some of them")
    told = {row[0].strip("`"): row[1] for row in rows if ":" in row[0]}
    assert set(told) == set(WITHOUT) <= wanted_scopes()
    assert [scope for scope, words in WITHOUT.items() if not told[scope].startswith(words)] == []


@pytest.mark.parametrize(
    ("granted", "method", "off"),
    [
        ("chat:write", "dnd.info", "dnd:read"),
        ("chat:write", "conversations.setTopic", "channels:write.topic, groups:write.topic"),
        ("groups:write.topic", "conversations.setTopic", None),
        ("dnd:read", "chat.postMessage", None),
        ("files:read", "files.getUploadURLExternal", "files:write"),
        ("files:write", "files.completeUploadExternal", None),
        ("", "dnd.info", None),
    ],
)
def test_a_method_is_off_without_all_of_its_permissions(granted: str, method: str, off: str | None) -> None:
    scopes = Scopes()
    scopes.learn({"X-OAuth-Scopes": granted})
    assert scopes.off(method) == off


def test_where_slack_does_not_tell_a_refusal_is_remembered() -> None:
    scopes = Scopes()
    scopes.refused("dnd.info")
    assert (scopes.off("dnd.info"), scopes.off("files.info"), scopes.lacks("dnd:read")) == (
        "dnd:read",
        None,
        False,
    )


def test_the_words_name_what_is_off_and_what_to_do() -> None:
    assert in_words("dnd:read") == (
        "The app misses the permission dnd:read: reminders of check-ins are sent during paused notifications, too. Ask"
        " whoever runs Frontdesk to install the app again from manifest.yml."
    )
    assert "the permissions channels:write.topic, groups:write.topic: topics" in in_words(
        "channels:write.topic, groups:write.topic"
    )
    assert listed({"files:read", "chat:write"}) == f"chat:write, files:read ({WITHOUT['files:read']})"
    assert not is_optional("chat.postMessage")


async def test_what_is_not_granted_is_asked_for_once_and_used_again_when_it_is() -> None:
    manifest = read_manifest()
    manifest["oauth_config"]["scopes"]["bot"].remove("dnd:read")
    async with Sandbox.start(manifest=manifest) as box:
        slack = SlackGateway(box.bot_token, box.slack_api_url)
        for _ in range(3):
            with pytest.raises(Withheld) as refused:
                await slack.call("dnd.info", user="U0ANA00001")
            assert "dnd:read" in refused.value.words
        assert len(box.journal.calls("dnd.info")) == 1
        tokens = box.workspace.server.tokens
        tokens[box.bot_token] = Grant(kind="bot", scopes=tokens[box.bot_token].scopes | {"dnd:read"})
        await slack.call("auth.test")
        assert (await slack.call("dnd.info", user="U0ANA00001"))["ok"]
        await slack.close()
