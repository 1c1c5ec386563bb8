"""Use cases of escalation. Each runs in one transaction; none speaks to Slack."""
