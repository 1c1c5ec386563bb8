"""The stage's clock, its faults, a new beginning; and the same as JSON."""
