"""What people press, choose and send about Jira issues."""
