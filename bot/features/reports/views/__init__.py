"""What reports look like, and the names that travel in them."""
