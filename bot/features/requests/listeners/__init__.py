"""What comes in from Slack: each function unpacks, calls one use case, answers."""
