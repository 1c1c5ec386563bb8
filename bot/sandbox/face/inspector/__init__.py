"""Every call both ways, what became of it, and the bot's outbox."""
