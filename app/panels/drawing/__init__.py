"""The window that draws a network for a paper."""
