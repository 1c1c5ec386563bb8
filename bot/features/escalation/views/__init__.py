"""Texts and buttons of escalation. Pure."""
