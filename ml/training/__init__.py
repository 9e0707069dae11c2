"""How a run goes: the compiled loop, the optimizer, the job around them."""
