"""Sealed tokens: what opens them and what does not."""

import base64
import secrets

import pytest

from bot.core.errors import ConfigError
from bot.installation.sealing import Keyring, Unopenable

TOKEN, HERE, THERE = "xoxb-1-canary", "T0HERE", "T0THERE"


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_what_was_sealed_is_opened_and_does_not_show_what_it_is() -> None:
    keys = Keyring.read(key())
    sealed = keys.seal(TOKEN, HERE)
    assert "xoxb" not in sealed and base64.b64encode(TOKEN.encode()).decode() not in sealed
    assert keys.unseal(sealed, HERE) == (TOKEN, True)


def test_the_same_token_is_never_sealed_alike() -> None:
    keys = Keyring.read(key())
    assert keys.seal(TOKEN, HERE) != keys.seal(TOKEN, HERE)


def test_what_was_sealed_for_one_workspace_opens_for_no_other() -> None:
    keys = Keyring.read(key())
    with pytest.raises(Unopenable):
        keys.unseal(keys.seal(TOKEN, HERE), THERE)


def test_an_older_key_opens_and_says_that_it_is_older() -> None:
    old, new = key(), key()
    sealed = Keyring.read(old).seal(TOKEN, HERE)
    assert Keyring.read(f"{new}, {old}").unseal(sealed, HERE) == (TOKEN, False)
    with pytest.raises(Unopenable):
        Keyring.read(new).unseal(sealed, HERE)


@pytest.mark.parametrize("place", [5, 20, -3])
def test_a_changed_letter_opens_nothing(place: int) -> None:
    keys = Keyring.read(key())
    sealed = keys.seal(TOKEN, HERE)
    changed = list(sealed)
    changed[place] = "A" if changed[place] != "A" else "B"
    with pytest.raises(Unopenable):
        keys.unseal("".join(changed), HERE)


@pytest.mark.parametrize("sealed", ["", "v1:", "v1:AAAA", "xoxb-1", "v1:ü", "v9:" + "A" * 80])
def test_what_was_never_sealed_opens_nothing(sealed: str) -> None:
    with pytest.raises(Unopenable):
        Keyring.read(key()).unseal(sealed, HERE)


@pytest.mark.parametrize(
    "text",
    ["", " , ", "short", key()[:-8], f"{key()},nonsense", "ü" * 32],
    ids=["empty", "a comma", "short", "cut", "one of two", "no base64"],
)
def test_keys_that_are_none_are_refused_with_the_mend_and_not_repeated(text: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Keyring.read(text)
    (line,) = refused.value.lines
    assert "openssl rand -base64 32" in line
    assert not text.strip(" ,") or text not in line


def test_a_key_in_the_alphabet_of_addresses_is_taken() -> None:
    raw = bytes([0xFB, 0xEF] * 16)
    sealed = Keyring.read(base64.b64encode(raw).decode()).seal(TOKEN, HERE)
    assert Keyring.read(base64.urlsafe_b64encode(raw).decode()).unseal(sealed, HERE) == (TOKEN, True)


def test_a_keyring_shows_no_key() -> None:
    text = key()
    assert text not in repr(Keyring.read(text))
