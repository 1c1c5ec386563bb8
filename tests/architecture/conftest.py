"""The product as it is joined, and its manifest."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from bot import bootstrap
from bot.bootstrap import Product
from bot.settings import Settings
from tests.support.sources import ROOT


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """Every feature, joined; nothing runs and nothing is called."""
    settings = Settings.model_construct(
        slack_bot_token=SecretStr("xoxb-not-a-token"),
        slack_app_token=SecretStr("xapp-not-a-token"),
        database_url=f"sqlite:///{tmp_path / 'frontdesk.db'}",
    )
    joined = bootstrap.build(settings)
    yield joined
    await joined.database.close()


@pytest.fixture(scope="session")
def manifest() -> Mapping[str, Any]:
    """The app manifest as Slack reads it."""
    return yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
