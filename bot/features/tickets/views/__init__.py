"""What people see of tickets: the form, answers and notices in Slack, the description in Jira."""
