"""Everything that leaves for Slack or Jira: entries, unit of work, relay."""
