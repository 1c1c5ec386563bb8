"""Slack: what comes in (app, calls, replies) and what goes out (gateway, blocks, text)."""
