"""The workspace: its state, its Web API, and its calls to the bot. The words for tests are in `bot.sandbox.story`."""
