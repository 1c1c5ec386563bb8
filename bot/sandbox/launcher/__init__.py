"""The demo: the real bot in the sandbox, with the face in the browser. The sandbox's only part that knows the bot.

Everything listens on 127.0.0.1, and nothing that happens outlives the process but a database that was named.
"""

from bot.sandbox.launcher.command import demo
from bot.sandbox.launcher.demo import Demo
from bot.sandbox.launcher.wishes import Wishes, read_wishes

__all__ = ["Demo", "Wishes", "demo", "read_wishes"]
