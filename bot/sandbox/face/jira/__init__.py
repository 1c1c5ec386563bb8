"""The Jira beside the workspace: projects, boards, issues, webhooks."""
