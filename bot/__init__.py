"""Frontdesk: the front desk of a software team in Slack."""

__version__ = "0.1.0"
