"""What leaves for Jira and Slack because of a ticket."""
