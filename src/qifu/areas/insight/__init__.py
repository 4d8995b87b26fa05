"""Insight (研判与通报): the leader's page, the daily bulletin and the names to chase. It knows other areas' figures by name only."""
