"""All runs: their list, what is known of each, and their curves over each other."""
