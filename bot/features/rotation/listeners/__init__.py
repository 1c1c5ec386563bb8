"""What people say to the rotation."""
