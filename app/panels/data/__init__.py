"""The data panel: what is chosen, how it looks, and how to get it."""
