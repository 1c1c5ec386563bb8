"""Jira behind one gateway: calls off the event loop, people's text in the site's own form."""
