"""Everything but the desktop: it runs the same in the engine, on the command line, in a notebook and in a test."""
