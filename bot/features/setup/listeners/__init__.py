"""What people type, press and send in the settings."""
