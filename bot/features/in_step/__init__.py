"""An issue in Jira and its threads in Slack stay in step. See README.md."""
