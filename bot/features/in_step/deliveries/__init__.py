"""What leaves for Jira and Slack because an issue and its threads stay in step."""
