"""Times that an office keeps open, each with so many places: the database lets no more in than there are."""
