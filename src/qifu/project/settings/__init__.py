"""What an operator sets comes from the environment; what an officer may change is a row with history."""
