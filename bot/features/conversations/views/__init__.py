"""Slack's message objects read into values, and what the other thread shows."""
