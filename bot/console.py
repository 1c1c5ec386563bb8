"""What every command does with its work and its errors: one line each on standard error."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def end(code: int, *lines: str) -> NoReturn:
    """Ends the program with this code, after these lines."""
    from bot.core.logs import redact

    for line in lines:
        print(f"frontdesk: {redact(line)}", file=sys.stderr)
    sys.exit(code)


def run_work(work: Coroutine[Any, Any, T]) -> T:
    """The result of a command's work. A database that is away ends the program with 1 and one line."""
    from bot.core.logs import set_up
    from bot.db.errors import DatabaseUnavailable

    set_up("WARNING")
    try:
        return asyncio.run(work)
    except DatabaseUnavailable as error:
        end(
            1,
            f"The database cannot be used just now ({error}): check DATABASE_URL, and that its server runs"
            " or its file can be written",
        )
