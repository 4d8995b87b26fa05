"""What people and machines do: one registered act a verb."""
