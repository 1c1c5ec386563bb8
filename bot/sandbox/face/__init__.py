"""The sandbox in the browser: what the demo shows. It knows the sandbox and nothing of the bot."""
