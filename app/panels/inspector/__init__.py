"""The inspector: a node's or a block's arguments, and ways out of its errors."""
