"""A person's pages: conversations, threads, the Home tab, forms, and what people do there."""
