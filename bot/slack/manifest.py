"""The app's manifest as this release ships it."""

from pathlib import Path
from typing import Any

import yaml


def read_manifest() -> dict[str, Any]:
    """The manifest, from the installed package or from the checkout."""
    package = Path(__file__).resolve().parent.parent
    packaged = package / "_manifest.yml"
    path = packaged if packaged.is_file() else package.parent / "manifest.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def wanted_scopes() -> set[str]:
    """The bot scopes that the manifest of this release asks for."""
    return set(read_manifest()["oauth_config"]["scopes"]["bot"])
