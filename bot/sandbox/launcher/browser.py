"""Opening the demo in the browser of whoever is at the terminal; a script gets none."""

import os
import shlex
import shutil
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping

from bot.core.errors import ConfigError

# Where a window could be opened at all, on systems that tell so by variables.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


def is_wanted(*, forbidden: bool, at_terminal: bool, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether to open one: not for scripts, unless BROWSER says with what. Raises ConfigError when there is none."""
    named = environment.get("BROWSER", "")
    if forbidden or not (at_terminal or named):
        return False
    if _is_there(named, environment):
        return True
    which = f"BROWSER names {named}, which is not here" if named else "No browser was found here"
    raise ConfigError(
        f"{which}: give --no-browser (make demo DEMO=--no-browser) and open the address by hand"
    )


def _is_there(named: str, environment: Mapping[str, str]) -> bool:
    if named:
        return any(_command_is_there(command) for command in named.split(os.pathsep))
    if sys.platform.startswith("linux") and not any(environment.get(name) for name in _SCREENS):
        # All that could be found now would draw its pages over this terminal.
        return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _command_is_there(command: str) -> bool:
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    return bool(words) and shutil.which(words[0]) is not None


def open_at(address: str, failed: Callable[[], None]) -> None:
    """Open a window there and return at once; `failed` is called when none has opened."""

    def go() -> None:
        if not webbrowser.open(address):
            failed()

    # A browser that is started by this stays as long as its window: nobody may wait for it.
    threading.Thread(target=go, name="browser", daemon=True).start()
