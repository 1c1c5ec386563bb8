"""`frontdesk demo`: one demo from the first line on the terminal to the last signal."""

import asyncio
import os
import signal
import sys

from bot.core.logs import set_up
from bot.sandbox.launcher import browser
from bot.sandbox.launcher.demo import Demo
from bot.sandbox.launcher.wishes import Wishes

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def demo(wishes: Wishes, *, no_browser: bool) -> None:
    """Runs until SIGINT, SIGTERM or SIGHUP; a second one ends it at once, also while it begins.

    Raises ConfigError when it cannot begin.
    """
    set_up("WARNING")
    _stay_on_this_machine()
    asyncio.run(_demo(wishes, browser.is_wanted(forbidden=no_browser, at_terminal=sys.stdout.isatty())))


def _stay_on_this_machine() -> None:
    # Nothing that is spoken here is for a proxy, and Slack's SDK knows no exceptions from one.
    for name in _PROXIES:
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)


async def _demo(wishes: Wishes, with_browser: bool) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()

    def end() -> None:
        stop.set()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
            # Whoever asks a second time does not want to wait for anything.
            signal.signal(number, signal.SIG_DFL)

    for number in _SIGNALS:
        # Under nohup it goes on without its terminal.
        if signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, end)
    async with Demo(wishes) as running:
        _greet(running.address, wishes)
        if with_browser and not stop.is_set():
            browser.open_at(running.address, _no_window)
        await stop.wait()


def _greet(address: str, wishes: Wishes) -> None:
    kept = f"{wishes.database} is emptied at the next start" if wishes.database else "nothing of it is kept"
    print(f"Frontdesk demo: {address}")
    print(
        "  The bot, a workspace and a Jira, on this machine only. The page has a few small tasks to begin with."
    )
    print(f"  Clock, faults and a new beginning: {address}/controls")
    print(f"  Ctrl-C ends it; {kept}.", flush=True)


def _no_window() -> None:
    print("frontdesk: no window opened: open the address above by hand", file=sys.stderr, flush=True)
