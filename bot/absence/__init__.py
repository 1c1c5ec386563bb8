"""Hours in which the bot did not work: what was written meanwhile is read afterwards, and somebody hears of it."""
