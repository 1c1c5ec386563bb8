"""The demo: the real bot against the sandbox in one process, with a first story told on the screen.

The only file of the sandbox that knows the bot. Everything listens on loopback; nothing is kept afterwards.
"""

import asyncio
import signal
import tempfile
from pathlib import Path
from textwrap import indent
from typing import Any

import yaml

from bot import bootstrap, running
from bot.bootstrap import Product
from bot.core.errors import ConfigError
from bot.core.logs import set_up
from bot.sandbox.clock import SandboxClock
from bot.sandbox.jira.server import JiraServer
from bot.sandbox.jira.site import JiraSite
from bot.sandbox.screen import Seen
from bot.sandbox.story import Sandbox
from bot.settings import Settings
from bot.slack.manifest import read_manifest
from bot.slack.pace import Pace
from bot.teams.apply import apply
from bot.teams.file import read_text

TEAMS: dict[str, Any] = {
    "teams": [
        {
            "key": "payments",
            "name": "Payments",
            "lead": "U0LEAD0001",
            "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
            "timezone": "Europe/Kyiv",
            "triage_channel": "C0TRIAGE01",
            "intake_channels": ["C0ASKPAY01"],
            "components": ["Billing", "Checkout"],
            "sources": {"management": {"users": ["U0BOSS0001"]}, "support": {"user_groups": ["S0SUPPORT1"]}},
            "priority_rules": [
                {"when": {"type": "bug", "component": "Billing"}, "priority": "urgent"},
                {"when": {"source": "management"}, "priority": "high"},
            ],
            "rotation": {
                "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
                "handoff": {"every": "week", "on": "monday", "at": "10:00"},
                "starts": "2026-01-05",
            },
            "jira": {"project": "PAY", "issue_type": "Task", "labels": ["from-slack"]},
        }
    ]
}


def demo() -> None:
    """Runs until Ctrl-C. Raises ConfigError when it cannot begin."""
    set_up("WARNING")
    asyncio.run(_demo())


async def _demo() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = SandboxClock()
    jira = await JiraServer.start(JiraSite(edition="cloud", clock=clock.now))
    with tempfile.TemporaryDirectory(prefix="frontdesk-demo-") as directory:
        async with Sandbox.start(manifest=read_manifest(), clock=clock) as box:
            product = bootstrap.build(
                _settings(box, jira, Path(directory)), clock=clock, pace=Pace(generous=True)
            )
            bot = await running.start(product)
            try:
                await bot.wait_ready(30)
                await _open_for_business(product, box, bot.address)
                _greet(bot.address, box, jira)
                await _tell(box, jira)
                print("\nNext: README, “Ten minutes to a real workspace”.")
                print("The bot goes on running. Press Ctrl-C to end; nothing of this is kept.", flush=True)
                await stop.wait()
            finally:
                await bot.close()
                await jira.stop()


def _settings(box: Sandbox, jira: JiraServer, directory: Path) -> Settings:
    account = jira.site.bot_account
    values: dict[str, Any] = {
        "slack_bot_token": box.bot_token,
        "slack_signing_secret": box.signing_secret,
        "slack_app_token": None,
        "slack_api_url": box.slack_api_url,
        "database_url": f"sqlite:///{directory / 'demo.db'}",
        "jira_url": jira.url,
        "jira_email": account.email,
        "jira_api_token": account.secret,
        "jira_token": None,
        "alert_channel": None,
        "alert_webhook_url": None,
        "host": "127.0.0.1",
        "port": 0,
    }
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


async def _open_for_business(product: Product, box: Sandbox, address: str) -> None:
    box.deliver_by_http(f"{address}/slack/events")
    file = read_text(yaml.safe_dump(TEAMS), "the demo's teams")
    await product.database.write(apply, file, product.deps.clock.now())
    await product.deps.directory.refresh_groups(product.deps.clock.now())


def _greet(address: str, box: Sandbox, jira: JiraServer) -> None:
    print(f"Frontdesk demo: {address}")
    print(f"  health {address}/healthz, figures {address}/metrics")
    print(f"  the simulated Slack answers at {box.slack_api_url}, the simulated Jira at {jira.url}")
    print("  Nothing leaves this machine. A first story follows, as people in Slack see it.")
    print("  With a real workspace you would do the same: see README, “Ten minutes to a real workspace”.")


class _Narrator:
    """Prints the story: who does what, and what stands on their screen then."""

    def does(self, words: str) -> None:
        print(f"\n▶ {words}", flush=True)

    def sees(self, who: str, seen: Seen) -> None:
        print(f"  {who} sees:", flush=True)
        print(indent(seen.text, "    │ "), flush=True)
        if seen.buttons:
            more = f" ⋮ {', '.join(seen.menu)}" if seen.menu else ""
            print(f"    │ [{'] ['.join(seen.buttons)}]{more}", flush=True)


async def _tell(box: Sandbox, jira: JiraServer) -> None:
    """Intake, claim, a talk over both threads, Jira, the end."""
    said = _Narrator()
    ana, alice = box.person("ana"), box.person("alice")
    line = "/ask-team payments Refund stuck for order 123"
    said.does(f"Ana types {line}")
    answer = await ana.runs(line)
    if not isinstance(answer, Seen):
        raise ConfigError("the demo's bot gave no answer")
    said.sees("Ana (only she)", answer)
    receipt = await ana.waits_for("#1", in_="dm")
    said.sees("Ana, in her messages from the bot,", receipt)
    card = await alice.waits_for("Refund stuck", in_="#triage-payments")
    said.sees("Alice, in #triage-payments,", card)
    said.does("Alice presses Claim")
    await card.click("Claim", by=alice)
    said.sees("Ana", await ana.waits_for("In progress", thread=receipt))
    said.does("They talk, each in their own thread; Alice also keeps a note inside the team")
    await ana.says("It was paid on Monday.", thread=receipt)
    said.sees("Alice, below the card,", await alice.waits_for("paid on Monday", thread=card))
    await alice.says("// ask the bank first", thread=card)
    print("  Alice writes below the card: // ask the bank first (Ana does not see it)", flush=True)
    await alice.says("Thanks, I am looking at the ledger.", thread=card)
    said.sees("Ana", await ana.waits_for("ledger", thread=receipt))
    await _to_jira(said, box, jira, card)
    said.does("Alice presses Resolve")
    await (await card.now()).click("Resolve", by=alice)
    said.sees("Ana", await ana.waits_for("Resolved", thread=receipt))


async def _to_jira(said: _Narrator, box: Sandbox, jira: JiraServer, card: Seen) -> None:
    alice = box.person("alice")
    said.does("Alice presses Create Jira issue and sends the form")
    opened = await card.click("Create Jira issue", by=alice)
    if opened is None or isinstance(opened, Seen):
        raise ConfigError("the demo's bot opened no form")
    await opened.submit()
    said.sees("Alice, below the card,", await alice.waits_for("PAY-1", thread=card, timeout=20))
    issue = jira.site.issue("PAY-1")
    print(f"  In Jira, {issue.key} “{issue.summary}” says:")
    print(indent(issue.description, "    │ "), flush=True)
