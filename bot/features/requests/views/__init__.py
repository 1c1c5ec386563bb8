"""How requests look in Slack: pure functions from values to Block Kit, and from form state to values."""
