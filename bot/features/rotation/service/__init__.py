"""Use cases of the rotation: each in one transaction, silent, without Slack."""
