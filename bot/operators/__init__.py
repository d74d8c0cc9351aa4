"""Tools for those who write the flows: many of one kind, one module each."""
