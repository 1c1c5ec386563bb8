"""What was asked for on the command line, read and checked. Nothing is opened here."""

from dataclasses import dataclass

from bot.core.errors import ConfigError
from bot.sandbox.jira.model import Edition
from bot.sandbox.seeds import Seed, read_seed

PORT = 7007
STORY = Seed(name="story")
EDITIONS: dict[str, Edition] = {"cloud": "cloud", "datacenter": "datacenter"}


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a demo is to be; port 0 means any free one, no `database` a file of its own that goes with it."""

    port: int = PORT
    database: str | None = None
    seed: Seed = STORY
    edition: Edition = "cloud"


def read_wishes(*, port: int, database: str | None, seed: str, jira: str) -> Wishes:
    """The options as they were typed. Raises ConfigError with a line for each bad one."""
    wrong: list[str] = []
    if not 0 <= port <= 65535:
        wrong.append(f"--port {port} is no port: write a number up to 65535, or 0 for any free one")
    if database is not None and not database.strip():
        wrong.append("--database is empty: name a file, sqlite:///path or postgresql://…, or leave it out")
    if jira not in EDITIONS:
        wrong.append(f"--jira {jira} is not known: write cloud or datacenter")
    found = STORY
    try:
        found = read_seed(seed)
    except ValueError as error:
        wrong.append(f"--seed: {error}")
    if wrong:
        raise ConfigError(*wrong)
    return Wishes(port=port, database=database, seed=found, edition=EDITIONS[jira])
