"""Changes that make a plan fit, a module for each kind."""
