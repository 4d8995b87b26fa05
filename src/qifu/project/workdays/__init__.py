"""Working days 工作日历: what each day is at a place, the decrees of a place, and the deadlines that move with them."""
