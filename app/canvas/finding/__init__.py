"""Finding by typing: nodes that are there, and types to add."""
