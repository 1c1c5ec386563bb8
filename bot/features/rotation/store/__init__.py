"""Queries of the rotation."""
