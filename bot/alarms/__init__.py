"""The bot's own alarms: what is told to its operators, when, and by which way.

Alarms that follow from a stored fact go through the outbox (`wishes`); those about the database or Slack itself go
past it (`watch`, `ways`). Figures for dashboards are not here: see `bot.metrics`.
"""
