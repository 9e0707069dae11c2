"""The training panel, its plots, its log, its queue and the film of a run."""
