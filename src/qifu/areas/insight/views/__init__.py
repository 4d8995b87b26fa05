"""The wall and the bulletins as pages."""
