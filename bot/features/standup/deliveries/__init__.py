"""What check-ins send to Slack."""
