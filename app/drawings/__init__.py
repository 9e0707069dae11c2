"""The graph on screen."""
