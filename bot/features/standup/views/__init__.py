"""Check-ins as people see them: values in, Block Kit out."""
