"""Blocks and elements as HTML, and the gallery of all of them."""
