"""Use cases of check-ins: one function for each verb."""
