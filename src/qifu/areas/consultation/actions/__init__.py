"""Writes of consultation: meetings, their agenda and its tasks, leaders' notes, papers."""
