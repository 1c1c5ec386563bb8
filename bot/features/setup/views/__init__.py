"""What people see of it. Pure."""
