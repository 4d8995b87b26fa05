"""What may be done with a case: each write is an action."""
