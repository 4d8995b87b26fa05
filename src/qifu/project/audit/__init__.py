"""Pages over the record itself: refused attempts, looks at sensitive data, seals and what their verification found."""
