"""Check-ins without any I/O: when they are held, what their answers mean, what is in people's way."""
