"""A Slack-shaped workspace and a Jira on this machine, spoken to over the wire only.

The tests' only fake and what the demo shows. Imports nothing of the bot outside its launcher.
"""
