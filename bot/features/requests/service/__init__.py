"""Use cases of requests: plain functions over a unit of work. They neither know Slack nor Jira."""
