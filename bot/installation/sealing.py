"""Tokens at rest: AES-GCM, each bound to its workspace, under a list of keys of which the newest seals."""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import ConfigError

KEY_BYTES = 32
NONCE_BYTES = 12
_VERSION = "v1:"
_PURPOSE = "frontdesk slack bot token"


class Unopenable(Exception):
    """No key opens it: it was sealed with another key, for another workspace, or has been changed."""


class Keyring:
    """The keys of ENCRYPTION_KEYS, newest first. Never shown: its words name how many there are."""

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = [AESGCM(key) for key in keys]

    def __repr__(self) -> str:
        return f"<Keyring of {len(self._keys)}>"

    def __len__(self) -> int:
        return len(self._keys)

    @classmethod
    def read(cls, text: str) -> "Keyring":
        """From the setting: one key or several with commas, each 32 bytes in base64. Raises ConfigError."""
        written = [part.strip() for part in text.split(",") if part.strip()]
        keys = [_key(part) for part in written]
        if not keys or None in keys:
            raise ConfigError(
                "Each key in ENCRYPTION_KEYS must be 32 random bytes in base64, with commas between them, newest"
                " first; `openssl rand -base64 32` makes one"
            )
        return cls([key for key in keys if key is not None])

    def seal(self, token: str, workspace_id: str) -> str:
        """The token as it may be stored, in letters."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + self._keys[0].encrypt(nonce, token.encode(), _bound_to(workspace_id))
        return _VERSION + base64.b64encode(sealed).decode()

    def unseal(self, sealed: str, workspace_id: str) -> tuple[str, bool]:
        """The token, and whether the newest key had sealed it. Raises Unopenable."""
        try:
            raw = base64.b64decode(sealed.removeprefix(_VERSION), validate=True)
        except (binascii.Error, ValueError):
            raise Unopenable from None
        nonce, hidden = raw[:NONCE_BYTES], raw[NONCE_BYTES:]
        for place, key in enumerate(self._keys):
            try:
                return key.decrypt(nonce, hidden, _bound_to(workspace_id)).decode(), place == 0
            except (InvalidTag, ValueError):
                continue
        raise Unopenable


def _bound_to(workspace_id: str) -> bytes:
    return f"{_PURPOSE}\n{workspace_id}".encode()


def _key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == KEY_BYTES else None


def hashed(secret: str) -> str:
    """What is stored of a random word that only its holder may know."""
    return hashlib.sha256(secret.encode()).hexdigest()
