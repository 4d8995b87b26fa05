"""Vertical slices, one Django app each; an area imports only areas of a lower tier (ARCHITECTURE.md)."""
