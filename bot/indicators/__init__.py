"""How well Frontdesk itself works: final states counted by day, and what follows from the counts.

Who counts what: `bot.scheduling.counting` the rows of the outbox and of the slices, `Tally` the calls from Slack.
"""
