"""A process that exists only in tests: a loan of a book, with a clock, a guard and a lapse."""
