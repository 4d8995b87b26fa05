"""The pages of the ladder (催办): what is late and told to nobody, who was told, and who is named."""
