"""How people come in, prove who they are, see which hats they wear, and how hats are given and taken back."""
