"""What goes out to Slack for the rotation."""
