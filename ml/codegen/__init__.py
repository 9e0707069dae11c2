"""A project as Python source that runs alone: its models, its data and its training."""
