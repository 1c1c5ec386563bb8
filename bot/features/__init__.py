"""The product's slices. A slice never imports another; `bot.bootstrap` joins them."""
