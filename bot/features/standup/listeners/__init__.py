"""What people press, type and send about check-ins."""
