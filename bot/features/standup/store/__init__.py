"""Queries on check-ins, a module for each thing they are about."""
