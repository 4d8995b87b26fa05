"""Resumption (复工复产): an enterprise applies, is accepted and assessed the same day, another person decides, it starts.

Below designated size the town or zone decides; above it the town forwards and the district decides (DOMAIN 11.3).
Six facts are kept apart: accepted, assessed, passed, decided, may start from, started."""
