"""The panel of all runs: found, sorted, labelled, opened, compared, their curves over each other, and deleted."""
