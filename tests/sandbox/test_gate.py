"""The gate on the way to a server: all passes, until it is shut."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.gate import Gate

Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while found := await reader.read(1000):
        writer.write(found.upper())
    writer.close()


@pytest.fixture(params=["port", "socket file"])
async def gate(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Gate]:
    """Before a server that shouts back."""
    if request.param == "port":
        server = await asyncio.start_server(_echo, "127.0.0.1", 0)
        gate = await Gate.start(("127.0.0.1", server.sockets[0].getsockname()[1]))
    else:
        server = await asyncio.start_unix_server(_echo, tmp_path / "echo")
        gate = await Gate.start(str(tmp_path / "echo"))
    yield gate
    await gate.stop()
    server.close()


async def _call(gate: Gate) -> Talk:
    return await asyncio.open_connection("127.0.0.1", gate.port)


async def _says(talk: Talk, words: bytes) -> bytes:
    """What comes back; nothing when the connection is gone."""
    reader, writer = talk
    try:
        writer.write(words)
        return await asyncio.wait_for(reader.read(100), 5)
    except ConnectionError:
        return b""


async def test_all_passes_both_ways(gate: Gate) -> None:
    talk = await _call(gate)
    assert await _says(talk, b"hello") == b"HELLO"
    talk[1].close()


async def test_shutting_breaks_what_is_open_and_sends_new_ones_away(gate: Gate) -> None:
    talk = await _call(gate)
    assert await _says(talk, b"hello") == b"HELLO"
    await gate.let_through(False)
    assert await _says(talk, b"still there?") == b""
    assert await _says(await _call(gate), b"and now?") == b""


async def test_open_again_it_lets_new_ones_through(gate: Gate) -> None:
    await gate.let_through(False)
    await gate.let_through(True)
    talk = await _call(gate)
    assert await _says(talk, b"hello") == b"HELLO"
    talk[1].close()


async def test_without_a_server_behind_it_callers_are_sent_away() -> None:
    nobody = await asyncio.start_server(_echo, "127.0.0.1", 0)
    port = nobody.sockets[0].getsockname()[1]
    nobody.close()
    await nobody.wait_closed()
    gate = await Gate.start(("127.0.0.1", port))
    assert await _says(await _call(gate), b"hello") == b""
    await gate.stop()


async def test_after_its_end_nobody_listens(gate: Gate) -> None:
    await gate.stop()
    with pytest.raises(ConnectionError):
        await _call(gate)
