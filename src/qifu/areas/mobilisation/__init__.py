"""Mobilisation (力量动员): who is told, who is on duty, who helps, who has learnt what, and who was lent to whom."""
