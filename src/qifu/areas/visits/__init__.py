"""走访包联: who answers for which enterprise, who was visited and who not, what was said, and the logs of those who stay there."""
