"""What the doctor and the start say of an installation by OAuth."""

from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from bot.bootstrap import build
from bot.core.errors import ConfigError
from bot.doctor import examine
from bot.doctor.finding import Finding
from bot.sandbox.story import Sandbox
from bot.settings import Settings, check_for_run
from tests.installation.browser import Browser, new_key, oauth_settings, waiting_bot
from tests.support.waiting import until


async def found(settings: Settings) -> Mapping[str, Finding]:
    return {finding.name: finding for finding in await examine(settings)}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/frontdesk.db"


async def test_the_doctor_goes_through_an_installation_from_none_to_a_lost_key(
    box: Sandbox, http: aiohttp.ClientSession, url: str
) -> None:
    old = new_key()
    settings = oauth_settings(box, url, encryption_keys=old)
    async with waiting_bot(settings) as bot:
        await until(lambda: bot.parts()["migrations"] == "ok")
        before = await found(settings)
        assert before["encryption keys"].ok and not before["installation"].ok
        assert "/slack/install" in before["installation"].words
        assert "token" not in before
        await Browser(http, bot).install()
        well = await found(settings)
        assert well["installation"].ok and "Sandbox" in well["installation"].words
        assert well["token"].ok and well["scopes"].ok
        two = await found(settings.model_copy(update={"encryption_keys": _secret(f"{new_key()},{old}")}))
        assert "seals it with the newest key" in two["installation"].words
        lost = await found(settings.model_copy(update={"encryption_keys": _secret(new_key())}))
        assert not lost["installation"].ok and "no key opens" in lost["installation"].words
        other = await found(settings.model_copy(update={"slack_workspace_id": "T0OTHER1"}))
        assert "SLACK_WORKSPACE_ID says T0OTHER1" in other["installation"].words
        box.uninstall()
        dead = await found(settings)
        assert "install the app again" in dead["token"].words


def _secret(text: str) -> object:
    return Settings.model_validate({"encryption_keys": text}).encryption_keys


async def test_a_bot_does_not_begin_with_keys_that_are_none(box: Sandbox, url: str) -> None:
    with pytest.raises(ConfigError, match="ENCRYPTION_KEYS"):
        build(oauth_settings(box, url, encryption_keys="short"))


async def test_before_the_tables_are_there_only_the_keys_are_looked_at(box: Sandbox, url: str) -> None:
    findings = await found(oauth_settings(box, url, encryption_keys="short"))
    assert "openssl" in findings["encryption keys"].words
    assert "installation" not in findings
    assert "installation" not in await found(oauth_settings(box, url))


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("slack_client_secret", "SLACK_CLIENT_SECRET"),
        ("encryption_keys", "openssl rand"),
        ("public_url", "PUBLIC_URL is not set"),
        ("slack_signing_secret", "SLACK_SIGNING_SECRET"),
    ],
)
def test_the_start_names_what_is_missing_for_oauth(box: Sandbox, url: str, left_out: str, words: str) -> None:
    with pytest.raises(ConfigError) as refused:
        check_for_run(oauth_settings(box, url, **{left_out: None}))
    assert len(refused.value.lines) == 1 and words in refused.value.lines[0]


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://frontdesk.example.com", True),
        ("http://localhost:3000", True),
        ("http://frontdesk.example.com", False),
        ("http://localhost.evil.example", False),
    ],
)
def test_slack_sends_browsers_back_to_https_only(box: Sandbox, url: str, address: str, is_good: bool) -> None:
    settings = oauth_settings(box, url, public_url=address)
    if is_good:
        check_for_run(settings)
        return
    with pytest.raises(ConfigError, match="must begin with https://"):
        check_for_run(settings)
