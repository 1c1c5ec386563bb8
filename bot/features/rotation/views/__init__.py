"""What people read of the rotation."""
