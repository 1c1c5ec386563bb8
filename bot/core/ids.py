"""Short identifiers: correlation ids and references for people to quote."""

import secrets


def correlation_id() -> str:
    """Eight hexadecimal digits that tie log lines of one call together."""
    return secrets.token_hex(4)


def reference() -> str:
    """Four hexadecimal digits that a person can read out to an operator."""
    return secrets.token_hex(2)
