"""What shows the inside of a model: a panel for each lens, and what they are made of."""
