"""What looks inside a model: one file a lens."""
