"""The figures of all areas as pages: what is offered by name, at any moment, opened down to its rows."""
