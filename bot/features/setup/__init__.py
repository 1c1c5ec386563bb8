"""A team is set up and changed in Slack."""
