"""The port of the face: taken before anything else is begun, and who has it when it cannot be taken."""

import socket

import aiohttp

from bot.core.errors import ConfigError
from bot.sandbox.launcher.wishes import PORT

HOST = "127.0.0.1"
# Every answer of a demo's face carries it (see `bot.sandbox.face.server`).
MARK = "Frontdesk-Demo"
# A demo that begins at this moment answers once it has begun.
ANSWERS_WITHIN = 5.0
BACKLOG = 128


class TakenPort:
    """A port that is ours from now on: who calls is kept waiting until somebody accepts on `held`. Made by `take`."""

    def __init__(self, held: socket.socket) -> None:
        self.held = held
        self.number = int(held.getsockname()[1])
        self.address = f"http://{HOST}:{self.number}"

    @classmethod
    async def take(cls, port: int) -> "TakenPort":
        """This port, or a free one for 0. Raises ConfigError with who has it."""
        held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind((HOST, port))
            # Two may be bound to one port, but only one can listen there.
            held.listen(BACKLOG)
        except OSError as error:
            held.close()
            raise await refusal(port, error) from error
        return cls(held)

    def give_up(self) -> None:
        """Let go of it; nothing happens when it was let go of already."""
        self.held.close()


async def refusal(port: int, error: OSError) -> ConfigError:
    """Why the face cannot have this port, in words."""
    another = (
        "--port 0 takes any free one"
        if port == PORT
        else f"choose another --port; without it {PORT} is tried"
    )
    if await _is_demo(port):
        return ConfigError(
            f"A Frontdesk demo is at http://{HOST}:{port} already: open that one, or add a second; {another}"
        )
    if isinstance(error, PermissionError):
        return ConfigError(f"Port {port} is not open to you: {another}")
    return ConfigError(f"Port {port} is in use by another program: {another}")


async def _is_demo(port: int) -> bool:
    limit = aiohttp.ClientTimeout(total=ANSWERS_WITHIN)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.get(f"http://{HOST}:{port}/control/state", allow_redirects=False) as answer,
        ):
            return MARK in answer.headers
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False
