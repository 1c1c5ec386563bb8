"""The fields that a project and type ask for: which input each gets, and what Jira is sent. Pure."""
