"""Bodies of calls as people read them: indented, with secrets shortened, no longer than a screen can bear."""

import json
import re
from collections.abc import Mapping
from typing import Any

MOST_SHOWN = 20_000
_TOKEN = re.compile(r"\b(xox[a-z]-|xapp-|v0=|sha256=|Basic |Bearer |ticket=)([\w.+/=-]{4,})")
_SECRET_NAME = re.compile(r"token|secret|signature|authorization|password|api_?key", re.IGNORECASE)
_KEPT = 4


def pretty(body: Any) -> str:
    """The body as indented JSON, or as the text that it is; empty for nothing."""
    if body in (None, "", {}, []):
        return ""
    found = _readable(body)
    text = found if isinstance(found, str) else json.dumps(found, indent=2, ensure_ascii=False, default=str)
    text = _TOKEN.sub(lambda hit: hit[1] + _shortened(hit[2]), text)
    if len(text) > MOST_SHOWN:
        return f"{text[:MOST_SHOWN]}\n… {len(text) - MOST_SHOWN:,} more characters are not shown."
    return text


def _readable(body: Any, name: str = "") -> Any:
    """JSON inside of strings is opened, values whose name tells that they are secret are shortened."""
    if isinstance(body, Mapping):
        return {str(key): _readable(value, str(key)) for key, value in body.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(body, list | tuple):
        return [_readable(value) for value in body]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(body, str):
        return body
    if _SECRET_NAME.search(name):
        return _shortened(body)
    return _opened(body)


def _opened(text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return _readable(json.loads(text))
    except (ValueError, RecursionError):
        return text


def _shortened(secret: str) -> str:
    return f"{secret[:_KEPT]}… ({len(secret) - _KEPT} more)" if len(secret) > _KEPT else "…"
