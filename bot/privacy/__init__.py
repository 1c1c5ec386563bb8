"""What is kept of people: found, handed out, taken away. What the tables hold stands in `bot.privacy.register`.

Above the features: it knows their tables, and none of them knows it.
"""
