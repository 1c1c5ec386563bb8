"""What goes out to Slack for requests, rendered when it is sent."""
