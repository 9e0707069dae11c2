"""The node types: what Keras's layers and operations are called, take and give, read from one generated table."""
