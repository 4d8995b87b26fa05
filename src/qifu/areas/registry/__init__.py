"""Enterprises, their sites, contacts and workers, the lists they stand on, and the task forces that serve them.

The lowest area: upper tiers reach it through `registry.api` only."""
