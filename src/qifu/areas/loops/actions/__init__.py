"""What may be done with an outside loop: each write is an action."""
