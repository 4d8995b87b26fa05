"""Pages of outside loops."""
