"""The generator panel: samples, answers and forecasts of a run's models, a page for each kind."""
