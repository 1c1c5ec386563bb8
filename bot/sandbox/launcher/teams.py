"""The demo's teams, as a teams file would have them. Their people and channels are those of `bot.sandbox.slack.cast`."""

from typing import Any

PAYMENTS: dict[str, Any] = {
    "key": "payments",
    "name": "Payments",
    "lead": "U0LEAD0001",
    "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
    "timezone": "Europe/Kyiv",
    "triage_channel": "C0TRIAGE01",
    "intake_channels": ["C0ASKPAY01"],
    "components": ["Billing", "Checkout"],
    "sources": {
        "management": {"users": ["U0BOSS0001"]},
        "partner": {"channels": ["C0PARTNER1"], "user_groups": ["S0PARTNERS"]},
        "support": {"user_groups": ["S0SUPPORT1"]},
    },
    "priority_rules": [
        {"when": {"type": "bug", "component": "Billing"}, "priority": "urgent"},
        {"when": {"source": "management"}, "priority": "high"},
    ],
    "rotation": {
        "members": ["U0ALICE001", "U0BOB00001", "U0CAROL001"],
        "handoff": {"every": "week", "on": "monday", "at": "10:00"},
        "starts": "2026-01-05",
        "user_group": "S0ONDUTY01",
    },
    "standups": [
        {
            "name": "Morning",
            "at": "09:30",
            "days": "mon-fri",
            "timezone": "team",
            "open_for": "1h",
            "channel": "C0STANDUP1",
            "questions": ["What did you finish?", "What is next?", "Anything in your way?"],
            "blocker_question": 3,
        }
    ],
    "jira": {"project": "PAY", "issue_type": "Task", "labels": ["from-slack"], "unfurl": True},
}
MOBILE: dict[str, Any] = {
    "key": "mobile",
    "name": "Mobile",
    "lead": "U0FRANK001",
    "members": ["U0CAROL001", "U0ERIN0001"],
    "timezone": "America/Sao_Paulo",
    "triage_channel": "C0TRIAGE02",
    "intake_channels": ["C0ASKMOB01"],
    "jira": {"project": "OPS", "issue_type": "Task", "labels": ["mobile"]},
}
TEAMS: dict[str, Any] = {"teams": [PAYMENTS, MOBILE]}
ALERT_CHANNEL = "C0ALERTS01"
